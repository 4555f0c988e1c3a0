/** Every order of the chart of a request, and what carries it out. */
import { type Address, answer, busy, call, send } from '../../../runtime/contract.ts'
import type { ApiAnswered, Status } from '../../protocol/api.ts'
import type { LeaseReply } from '../../protocol/etcd.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { admitted } from '../admission/index.ts'
import { refusedTo } from '../authorization.ts'
import { MUTATION_MS } from '../costs.ts'
import type { DisruptionClaimed } from '../disruption-claim.ts'
import { failedAs, lostAs, objectIn, read, removing, storing } from '../etcd-calls.ts'
import { versioned } from '../frozen.ts'
import { claimed, evaluatorOf } from '../handing-on.ts'
import type { QuotaClaimed } from '../quota-claims.ts'
import type { LookUp, Outcome } from '../registry/attempt.ts'
import { following, stillProcessed } from '../registry/eviction.ts'
import { proposed, settled } from '../registry/index.ts'
import { reply, replyOfRemoval } from '../replies.ts'
import {
  attemptOf,
  claimOf,
  disruptionClaimOf,
  draftOf,
  dryReply,
  facts,
  isNew,
  keyOfCurrent,
  keyOfLookUp,
  keyOfOutcome,
  nameOf,
  removed,
  revisionOf,
  takenStatus,
} from '../request-context.ts'
import { internal, notFound, refusal, requestTimedOut, unauthorized } from '../statuses.ts'
import { ask, type Context, update } from './events.ts'

/** `--event-ttl`, and the minute for which a lease is shared. */
const EVENT_TTL_S = 3_600 + 60

export const actions = {
  'take some time': ask(() => busy(MUTATION_MS)),
  'read the current object': ask((context) => call(etcd(context), read(keyOfCurrent(context)), 'etcd')),
  'remember what etcd has': update('etcd.answered', (_, event) => ({
    current: objectIn(event),
    certain: true,
    step: undefined,
  })),
  'apply the request': update((context, _, { at }) => ({ step: proposed(attemptOf(context, at), context.current) })),
  'run the admission plugins': update((context, _, { at }) => ({
    step: admitted(attemptOf(context, at), draftOf(context), context.current),
  })),
  'look it up': ask((context) => call(etcd(context), read(keyOfLookUp(context)), 'etcd')),
  'count the look-up': update(({ lookUps }) => ({ lookUps: lookUps + 1 })),
  'remember what was found': update('etcd.answered', ({ found, step }, event) => ({
    found: { ...found, [(step as LookUp).what]: objectIn(event) ?? null },
    lookUps: 0,
  })),
  'see what it comes to': update((context, _, { at }) => ({
    step: settled(attemptOf(context, at), draftOf(context), context.current),
  })),
  'claim what it uses': ask((context) =>
    call(evaluatorOf(context.server, context.request.namespace ?? ''), claimOf(context) as QuotaClaimed, 'quota'),
  ),
  'ask the budgets': ask((context, _, { self }) =>
    claimed(self, context.server, disruptionClaimOf(context) as DisruptionClaimed),
  ),
  'note what was granted': update('disruption.judged', (_, granted) => ({ granted })),
  'see whether the name is taken': ask((context) => call(etcd(context), read(keyOfOutcome(context)), 'etcd')),
  'ask for a lease': ask((context) =>
    call(etcd(context), { type: 'etcd.LeaseGrant', ttlSeconds: EVENT_TTL_S, id: 0 }, 'etcd'),
  ),
  'take the lease': update('etcd.answered', (_, { reply: granted }) => ({ lease: (granted as LeaseReply).id })),
  'let others share the lease': ask('etcd.answered', ({ server }, { reply: granted }) =>
    send(server, { type: 'lease.granted', id: (granted as LeaseReply).id }),
  ),
  'propose the object': ask((context) => {
    const { value } = context.step as Extract<Outcome, { does: 'store' }>
    const revision = isNew(context) ? 0 : revisionOf(context.current)
    return call(etcd(context), storing(keyOfOutcome(context), revision, value, context.lease), 'etcd')
  }),
  'propose the removal': ask((context) =>
    call(etcd(context), removing(keyOfCurrent(context), revisionOf(context.current)), 'etcd'),
  ),
  'take what was stored': update('etcd.answered', ({ step }, { revision }) => ({
    current: versioned((step as Extract<Outcome, { does: 'store' }>).value, revision),
    certain: true,
  })),
  'follow the own write': update('etcd.answered', ({ request }, { revision }) => ({
    request: following(request, revision),
    step: undefined,
  })),
  'draw another name': update(({ attempt }) => ({ attempt: attempt + 1, step: undefined })),
  'turn to the next member': update(({ members }) => ({ members: members + 1 })),
  'answer Unauthorized': ask((context) => refuse(context, unauthorized())),
  'answer Forbidden': ask((context) => refuse(context, refusedTo(context.request))),
  'answer what is wrong': ask((context) => refuse(context, (context.step as { status: Status }).status)),
  'answer that a quota is exceeded': ask('quota.judged', (context, { refusal: status }) =>
    refuse(context, status as Status),
  ),
  'answer why it must stay': ask('disruption.judged', (context, { refusal: status }) =>
    refuse(context, status as Status),
  ),
  'answer that its budget is looked at again': ask((context) =>
    refuse(context, stillProcessed(context.granted?.sparedBy ?? '')),
  ),
  'answer that nobody judged': ask((context) => refuse(context, internal('resource quota evaluation timed out'))),
  'answer with the object as it is': ask((context) =>
    say(context, reply(context.request, (context.step as { object: ApiObject }).object, false)),
  ),
  'answer as if it were done': ask((context) => say(context, dryReply(context))),
  'answer with what was stored': ask('etcd.answered', (context, { revision }) => {
    const { value } = context.step as Extract<Outcome, { does: 'store' }>
    return say(context, reply(context.request, versioned(value, revision), isNew(context)))
  }),
  'answer with what was removed': ask('etcd.answered', (context, { revision }) =>
    say(context, replyOfRemoval(context.request, facts(context), removed(context, revision))),
  ),
  'answer AlreadyExists': ask('etcd.answered', (context, event) => refuse(context, takenStatus(context, event))),
  'answer NotFound': ask((context) => refuse(context, notFound(context.request.resource, nameOf(context)))),
  'answer Timeout': ask((context) => refuse(context, requestTimedOut())),
  'answer with the error of etcd': ask('etcd.failed', (context, event) => refuse(context, failedAs(event))),
  'answer that etcd is lost': ask('call.lost', (context, { reason }) => refuse(context, lostAs(reason))),
}

const say = ({ client, call: number }: Context, answered: ApiAnswered) => answer(client, number, answered)
const refuse = (context: Context, status: Status) => say(context, refusal(status))
const etcd = ({ etcd: members, members: tried }: Context): Address => members[tried % members.length] as Address
