/**
 * Keeps the Node's status up to date (pkg/kubelet/kubelet_node_status.go): what changed is written at the next look,
 * one each 10 s; when nothing does, the status is written every 5 minutes all the same. The real one looks each 10 s;
 * here a look is asked for only when something is to be seen.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, hangUp, verbs, wake } from '../../runtime/contract.ts'
import { type Place, patch, succeeded } from '../lib/requests.ts'
import type { ApiAnswered, User } from '../protocol/api.ts'
import type { CriAnswered, CriFailed, Image } from '../protocol/cri.ts'
import type { KubeletInput, NodeDoubted, RuntimeReadiness } from '../protocol/kubelet.ts'
import type { core } from '../protocol/objects.ts'
import { HEARTBEAT_TIMEOUT_MS } from './node/heartbeat.ts'
import { type Look, lookAt, lookFrom } from './node/looks.ts'
import { nodeEvent } from './node/node-events.ts'
import { imagesShown, type MachineIds, nodeConditions, statusOfNode } from './node/node-object.ts'
import { same } from './same.ts'

export interface NodeStatusInput {
  readonly kubelet: KubeletInput
  readonly user: User
  readonly recorder: Address
  readonly ids: MachineIds
  /** As registered. */
  readonly conditions: readonly core.NodeCondition[]
  readonly problems: readonly string[]
  /** When this kubelet began, in ms. */
  readonly since: number
}
export interface ImagesChanged {
  readonly type: 'images.changed'
}
/** The image garbage collector lists the images every 30 s: what it last saw is what the status tells. */
export interface ImagesOutdated {
  readonly type: 'images.outdated'
}
interface Context extends NodeStatusInput {
  readonly images: readonly Image[]
  readonly imagesAreOld: boolean
  readonly dirty: boolean
  /** At this look something is told, whatever the images are. */
  readonly telling: boolean
  readonly tries: number
  /** Whether anything was told in this life. */
  readonly told: boolean
  readonly look: Look
  readonly reportedAt: number
}
type Events =
  | NodeDoubted
  | RuntimeReadiness
  | ImagesChanged
  | ImagesOutdated
  | ApiAnswered
  | CriAnswered
  | CriFailed
  | CallLost

const REPORT_MS = 300_000
/** realImageGCManager.Start: the period of its image cache. */
const IMAGES_MS = 30_000
/** nodeStatusUpdateRetry */
const MAX_TRIES = 5

const { update, ask, decide, when, lasting } = verbs<Context, Events>()

const placeOf = (name: string): Place => ({ resource: 'nodes', name, subresource: 'status' })
const listedIn = (reply: unknown): readonly Image[] => (reply as { images: readonly Image[] }).images
const conditionsNow = ({ problems, conditions }: Context, at: number) => nodeConditions(problems, conditions, at)

export const nodeStatus = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as NodeStatusInput },
  delays: {
    'until the next look': lasting(({ look }, _, { dice, at }) => lookFrom(look, at, dice).at - at),
    'until the next report': lasting(
      ({ look, reportedAt }, _, { dice, at }) => lookFrom(look, Math.max(at, reportedAt + REPORT_MS), dice).at - at,
    ),
    'request timeout': HEARTBEAT_TIMEOUT_MS,
    'runtime request timeout': 120_000,
  },
  guards: {
    'it is ready': when(({ problems }) => problems.length === 0),
    'something changed': when(({ dirty, imagesAreOld }) => dirty || imagesAreOld),
    'nothing is new': when(
      'cri.answered',
      ({ telling, images }, { reply }) => !telling && same(images, listedIn(reply)),
    ),
    'its images are to be listed': when(({ imagesAreOld }) => imagesAreOld),
    'it succeeded': when('api.answered', (_, answer) => succeeded(answer)),
    'it was tried often enough': when(({ tries }) => tries >= MAX_TRIES),
    'it says something new': when(
      'runtime.readiness',
      (context, { problems }) => problems.join() !== context.problems.join(),
    ),
  },
  actions: {
    'note the problems': update('runtime.readiness', (_, { problems }) => ({ problems, dirty: true })),
    'note that it is doubted': update('node.doubted', (_, { conditions }) => ({ conditions, dirty: true })),
    'list the images in time': ask('images.changed', ({ since }, _, { at }) =>
      wake('images', IMAGES_MS - ((at - since) % IMAGES_MS), { type: 'images.outdated' } satisfies ImagesOutdated),
    ),
    'note that images changed': update('images.outdated', () => ({ imagesAreOld: true })),
    'look around': update(({ look, dirty, told, reportedAt }, _, { at, dice }) => ({
      look: lookAt(look, at, dice),
      dirty: false,
      telling: dirty || !told || at - reportedAt >= REPORT_MS,
      told: true,
      tries: 0,
    })),
    'list the images': ask(({ kubelet }) =>
      call(kubelet.runtime, { type: 'cri.request', call: 'ListImages' }, 'images'),
    ),
    'keep the images': update('cri.answered', (_, { reply }) => ({ images: listedIn(reply), imagesAreOld: false })),
    'patch the status': decide((context, _, { at }) => {
      const { kubelet, user, ids, images, tries } = context
      const status = { ...statusOfNode(kubelet, ids, conditionsNow(context, at)), images: imagesShown(images) }
      return [
        { tries: tries + 1 },
        call(kubelet.apiserver, patch(user, placeOf(kubelet.node), 'strategic', { status }), 'status'),
      ]
    }),
    'remember what was reported': decide((context, _, { at }) => {
      const after = conditionsNow(context, at)
      return [{ conditions: after, reportedAt: at }, readinessEvents(context, after)]
    }),
    'try at the next look': update(() => ({ dirty: true })),
    'hang up': ask(() => hangUp()),
  },
}).createMachine({
  id: 'node-status',
  context: born((input, { at }) => ({
    ...input,
    images: [],
    imagesAreOld: true,
    dirty: false,
    telling: true,
    tries: 0,
    told: false,
    look: { number: 0, at },
    reportedAt: at,
  })),
  initial: 'starting',
  on: {
    'runtime.readiness': { guard: 'it says something new', actions: 'note the problems' },
    'node.doubted': {
      actions: 'note that it is doubted',
      description: 'Told at the next look: the real one compares its own with what the API has.',
    },
    'images.changed': { actions: 'list the images in time' },
    'images.outdated': { actions: 'note that images changed' },
  },
  states: {
    starting: {
      description: 'The first readiness is told at once, not at the next look (fastNodeStatusUpdate).',
      always: { guard: 'it is ready', target: 'looking' },
      after: { 'until the next look': 'looking' },
    },
    current: {
      always: { guard: 'something changed', target: 'stale' },
      after: { 'until the next report': 'looking' },
    },
    stale: {
      description: 'The API does not know yet; it will at the next look.',
      after: { 'until the next look': 'looking' },
    },
    looking: {
      entry: 'look around',
      always: [{ guard: 'its images are to be listed', target: 'listingImages' }, { target: 'reporting' }],
    },
    listingImages: {
      entry: 'list the images',
      on: {
        'cri.answered': [
          { guard: 'nothing is new', target: 'current', actions: 'keep the images' },
          { target: 'reporting', actions: 'keep the images' },
        ],
        'cri.failed': 'reporting',
        'call.lost': 'reporting',
      },
      after: { 'runtime request timeout': { target: 'reporting', actions: 'hang up' } },
    },
    reporting: {
      description: 'Five tries at once, then again at the next look.',
      entry: 'patch the status',
      on: {
        'api.answered': [
          { guard: 'it succeeded', target: 'current', actions: 'remember what was reported' },
          { guard: 'it was tried often enough', target: 'current', actions: 'try at the next look' },
          { target: 'reporting', reenter: true },
        ],
        'call.lost': [
          { guard: 'it was tried often enough', target: 'current', actions: 'try at the next look' },
          { target: 'reporting', reenter: true },
        ],
      },
      after: {
        'request timeout': [
          { guard: 'it was tried often enough', target: 'current', actions: 'try at the next look' },
          { target: 'reporting', reenter: true },
        ],
      },
    },
  },
})

function readinessEvents({ conditions, recorder, kubelet }: Context, after: readonly core.NodeCondition[]) {
  const ready = (all: readonly core.NodeCondition[]) => all.find(({ type }) => type === 'Ready')?.status === 'True'
  if (ready(conditions) === ready(after)) return []
  return [nodeEvent(recorder, kubelet.node, ready(after) ? 'NodeReady' : 'NodeNotReady')]
}
