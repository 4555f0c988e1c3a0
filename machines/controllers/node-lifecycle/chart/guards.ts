/** Every statement of the chart of a node, and what says whether it is true. */
import { reasonOf, succeeded } from '../../../lib/requests.ts'
import type { ApiAnswered } from '../../../protocol/api.ts'
import { readinessOf } from '../conditions.ts'
import { missingLabels } from '../labels.ts'
import { nextTaints } from '../taints.ts'
import { LABELS, POD, STATUS, TAINTS, when } from './events.ts'

/** NodeHealthUpdateRetry */
const MOST_TRIES = 5
const TAINT_MOST_TRIES = 5

export const guards = {
  'it is ready': when(({ node }) => readinessOf(node) === 'True'),
  'it says that it is not ready': when(({ node }) => readinessOf(node) === 'False'),
  'nothing is heard of it': when(({ node }) => readinessOf(node) === 'Unknown'),
  'it was ready': when(
    'api.answered',
    ({ node }, reply, { line }) => readinessOf(node) === 'True' && ok(reply, line, STATUS),
  ),
  'it is written': when('api.answered', (_, reply, { line }) => ok(reply, line, STATUS)),
  'it is not written': when('api.answered', (_, reply, { line }) => line === STATUS && !succeeded(reply)),
  'it has been tried often enough': when(({ tries }) => tries >= MOST_TRIES),
  'its status call was lost': when('call.lost', (_, { line }) => line === STATUS),
  'a pod is left': when(({ pods }) => pods.length > 0),
  'the pod is written': when('api.answered', (_, reply, { line }) => ok(reply, line, POD)),
  'the pod is gone': when('api.answered', (_, reply, { line }) => line === POD && reasonOf(reply) === 'NotFound'),
  'the pod is not written': when('api.answered', (_, reply, { line }) => line === POD && !succeeded(reply)),
  'one could not be marked': when(({ unmarked }) => unmarked),
  'its pod call was lost': when('call.lost', (_, { line }) => line === POD),
  'a taint is wrong': when(({ node, execution }, _, { at }) => nextTaints(node, execution, at) !== undefined),
  'it has no state yet': when(({ node }) => readinessOf(node) === undefined),
  'the taints are written': when('api.answered', (_, reply, { line }) => ok(reply, line, TAINTS)),
  'the taints met a conflict': when(
    'api.answered',
    ({ conflicts }, reply, { line }) =>
      line === TAINTS && reasonOf(reply) === 'Conflict' && conflicts < TAINT_MOST_TRIES,
  ),
  'the taints are not written': when('api.answered', (_, reply, { line }) => line === TAINTS && !succeeded(reply)),
  'its taint call was lost': when('call.lost', (_, { line }) => line === TAINTS),
  'a label is wrong': when(({ node }) => missingLabels(node) !== undefined),
  'the labels are answered': when('api.answered', (_, __, { line }) => line === LABELS),
  'its label call was lost': when('call.lost', (_, { line }) => line === LABELS),
}

const ok = (reply: ApiAnswered, line: string, wanted: string): boolean => line === wanted && succeeded(reply)
