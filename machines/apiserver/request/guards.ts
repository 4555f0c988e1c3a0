/** Every statement of the chart of a request, and what says whether it is true. */

import { isAuthenticated, may } from '../authorization.ts'
import { objectIn, tookIt } from '../etcd-calls.ts'
import type { LookUp } from '../registry/attempt.ts'
import { isDryRun, isEviction } from '../registry/eviction.ts'
import { isCreation } from '../registry/index.ts'
import { claimOf, disruptionClaimOf, isGenerated, isNew, isSparedNoLonger, isWrite } from '../request-context.ts'
import { when } from './events.ts'

const NAMES_TRIED = 8
/** A controller makes the ServiceAccount `default` of each namespace: it is looked for ten times, anything else once. */
const lookUpsOf = ({ what, key }: LookUp): number => (what === 'serviceAccount' && key.endsWith('/default') ? 10 : 1)

export const guards = {
  'the client is known': when(({ request }) => isAuthenticated(request.user)),
  'the client may': when(({ request }) => may(request.user)),
  'nothing must be read': when(({ request }) => isCreation(request)),
  'an eviction looks for itself': when(({ request }) => isEviction(request)),
  'the watch cache has it': when(({ current }) => current !== undefined),
  'a cached object led to a refusal': when(
    ({ step, certain, request }) => step?.does === 'refuse' && !certain && !isCreation(request),
  ),
  'it is refused': when(({ step }) => step?.does === 'refuse'),
  'something must be looked up': when(({ step }) => step?.does === 'lookUp'),
  'it was found': when('etcd.answered', (_, event) => objectIn(event) !== undefined),
  'it may still come': when(({ step, lookUps }) => step?.does === 'lookUp' && lookUps < lookUpsOf(step)),
  'a cached object needs no change': when(({ step, certain }) => step?.does === 'keep' && !certain),
  'no change is needed': when(({ step }) => step?.does === 'keep'),
  'it may use up a quota': when((context) => claimOf(context) !== undefined),
  'it exceeds a quota': when('quota.judged', (_, { refusal: status }) => status !== undefined),
  'budgets have a say': when((context) => disruptionClaimOf(context) !== undefined),
  'a budget forbids it': when('disruption.judged', (_, { refusal: status }) => status !== undefined),
  'it is spared no longer': when((context) => isSparedNoLonger(context)),
  'it is a dry run of a creation': when((context) => isDryRun(context.request) && isNew(context)),
  'it is a dry run': when(({ request }) => isDryRun(request)),
  'an Event needs a lease': when(({ request, lease }) => request.resource === 'events' && lease === undefined),
  'it removes the object': when(({ step }) => step?.does === 'remove'),
  'etcd took it, a removal follows': when(
    'etcd.answered',
    ({ step }, event) => tookIt(event) && step?.does === 'store' && step.next === 'remove',
  ),
  'etcd took it, the deletion follows': when(
    'etcd.answered',
    ({ step }, event) => tookIt(event) && step?.does === 'store' && step.next === 'go on',
  ),
  'etcd took it': when('etcd.answered', (_, event) => tookIt(event)),
  'another name can be drawn': when(
    (context) => isNew(context) && isGenerated(context) && context.attempt + 1 < NAMES_TRIED,
  ),
  'it was to be new': when(isNew),
  'the object is gone': when('etcd.answered', (_, event) => objectIn(event) === undefined),
  'another member can be asked': when(
    'call.lost',
    ({ members, etcd: all, step }, { reason }) => members + 1 < all.length && (reason === 'refused' || !isWrite(step)),
  ),
}
