import { describe, expect, test } from 'vitest'
import { deployment as machine } from '../../../../../machines/controllers/deployment/deployment.ts'
import { invariants } from '../../../../../machines/controllers/deployment/invariants.ts'
import type { ApiRequest } from '../../../../../machines/protocol/api.ts'
import type { ReplicaSet } from '../../../../../machines/protocol/objects.ts'
import { type Call, call, type Effect } from '../../../../../runtime/contract.ts'
import { born } from '../../../../kit/chart.ts'
import { objectInput } from '../objects.ts'
import { deployment, NAME_1, NAME_2, setOf, template, viewOf } from './examples.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const PROGRESS = {
  type: 'Progressing',
  status: 'True',
  reason: 'ReplicaSetUpdated',
  lastUpdateTime: '1970-01-01T23:59:00Z',
}
const rolling = (spec: object = {}) =>
  deployment({ template: template('img:2'), ...spec }, { conditions: [PROGRESS] }, { annotations: { [REVISION]: '2' } })
const having = (image: string, size: number, available: number, revision: number): ReplicaSet =>
  setOf(
    image,
    size,
    { replicas: size, readyReplicas: available, availableReplicas: available },
    { revision, created: revision },
  )

/** The sync of a rollout of four pods, of which one may be missing and one too many, up to its first write. */
const syncing = (sets: readonly ReplicaSet[], of = rolling()) =>
  born(machine, objectInput('default/web')).on({ type: 'sync.requested', view: viewOf([of], sets) })
type Syncing = ReturnType<typeof syncing>

function broken({ context, asked }: Syncing, state: object, effects: readonly Effect[] = asked): readonly string[] {
  const told = { self: 'deployment-controller/cp-1/default/web', at: 0, from: '', event: { type: 'sync.requested' } }
  return invariants.flatMap(
    (each) => each.broken({ ...told, before: context, after: context, was: 'idle', state, effects }) ?? [],
  )
}
/** The same write with another size. */
const sized = ({ asked }: Syncing, replicas: number): readonly Effect[] => {
  const { to, event } = asked.find((effect): effect is Call => effect.do === 'call') as Call
  const request = event as ApiRequest
  const set = request.body as ReplicaSet
  return [call(to, { ...request, body: { ...set, spec: { ...set.spec, replicas } } })]
}

describe('a step up', () => {
  const up = syncing([having('img:1', 4, 4, 1), having('img:2', 0, 0, 2)])
  test('as far as the surge allows breaks nothing', () => {
    expect(up.state).toBe('rolling.scalingUp')
    expect(broken(up, { rolling: 'scalingUp' })).toEqual([])
  })
  test('beyond the surge is seen', () => {
    expect(broken(up, { rolling: 'scalingUp' }, sized(up, 2))).toEqual([
      `scaling ${NAME_2} from 0 to 2 makes 6 pods; 5 are allowed`,
    ])
  })
  test('by a replica set that is made too large is seen', () => {
    const making = syncing([having('img:1', 4, 4, 1)])
    expect([making.state, broken(making, { creatingReplicaSet: 'asking' })]).toEqual(['creatingReplicaSet.asking', []])
    expect(broken(making, { creatingReplicaSet: 'asking' }, sized(making, 4))).toEqual([
      `scaling ${NAME_2} from 0 to 4 makes 8 pods; 5 are allowed`,
    ])
  })
  test('of one that re-creates may not go beyond what is wanted', () => {
    const recreate = rolling({ strategy: { type: 'Recreate' } })
    const making = { ...up, context: { ...up.context, deployment: recreate } }
    expect(broken(making, { recreating: 'scalingUp' }, sized(up, 1))).toEqual([
      `scaling ${NAME_2} from 0 to 1 makes 5 pods; 4 are allowed`,
    ])
  })
})

describe('a step down', () => {
  const down = syncing([having('img:1', 4, 4, 1), having('img:2', 1, 1, 2)])
  test('that leaves enough breaks nothing', () => {
    expect(down.state).toBe('rolling.scalingDownOld')
    expect(broken(down, { rolling: 'scalingDownOld' })).toEqual([])
  })
  test('that leaves too few is seen', () => {
    expect(broken(down, { rolling: 'scalingDownOld' }, sized(down, 1))).toEqual([
      `scaling ${NAME_1} from 4 to 1 leaves 2 available pods; 3 must be`,
    ])
  })
  test('of pods that are not available takes nothing away', () => {
    const sick = syncing([having('img:1', 4, 1, 1), having('img:2', 1, 1, 2)])
    expect(broken(sick, { rolling: 'scalingDownOld' }, sized(sick, 1))).toEqual([])
    expect(broken(sick, { rolling: 'scalingDownOld' }, sized(sick, 0))).toHaveLength(1)
  })
  test('adds to what was taken away before in the same sync', () => {
    const sets = [having('img:1', 2, 2, 1), having('img:3', 2, 2, 1), having('img:2', 1, 1, 2)]
    const first = syncing(sets)
    const [old] = first.context.sets as readonly [ReplicaSet, ...ReplicaSet[]]
    const taken = first.context.sets.map((set) => (set === old ? { ...set, spec: { ...set.spec, replicas: 0 } } : set))
    const other = sets.find(
      (set) => set.metadata.name !== old.metadata.name && set.status?.replicas === 2,
    ) as ReplicaSet
    const second = { ...first, context: { ...first.context, sets: taken } }
    const write = call('', {
      ...{ type: 'api.request' as const, verb: 'update' as const, resource: 'replicasets.apps' },
      body: { ...other, spec: { ...other.spec, replicas: 1 } },
    })
    expect(broken(second, { rolling: 'scalingDownOld' }, [write])).toHaveLength(1)
  })
  test('because the Deployment itself became smaller is another matter', () => {
    expect(broken(down, { scaling: 'writing' }, sized(down, 1))).toEqual([])
  })
})
