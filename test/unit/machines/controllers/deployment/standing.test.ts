import { describe, expect, test } from 'vitest'
import {
  annotated,
  claimed,
  creationFailure,
  deploymentAt,
  needed,
  resized,
  scalingMessage,
  selectsEverything,
  setClaims,
  setsOf,
  withCollision,
  withCreationTold,
  withFailureTold,
  withPauseTold,
  withRevisionTold,
} from '../../../../../machines/controllers/deployment/standing.ts'
import { deployment, NAME_1, setOf, viewOf } from './examples.ts'

const set = setOf('img:1', 4)
const conditionsOf = ({ status }: ReturnType<typeof deployment>) =>
  (status?.conditions ?? []).map(({ status, reason, message }) => [status, reason, message])

test('a Deployment sees itself, its own replica sets and those it has to claim', () => {
  const orphan = { ...setOf('img:2', 0), metadata: { ...setOf('img:2', 0).metadata, ownerReferences: [] } }
  const view = viewOf([deployment()], [set, orphan])
  expect(deploymentAt('default/web', view)?.metadata.uid).toBe('d')
  expect(setsOf(deployment(), view)).toEqual([set])
  const [claim] = setClaims(deployment(), view)
  expect(claim).toEqual({ what: 'adopt', object: orphan })
  if (claim === undefined) return
  expect(claimed([set], claim, true)).toEqual([set, orphan])
  expect(claimed([set], claim, false)).toEqual([set])
  expect(claimed([set], { what: 'release', object: set }, true)).toEqual([])
  expect(setsOf(deployment(), viewOf([]))).toEqual([])
})

test('a selector without anything selects everything', () => {
  expect(selectsEverything(deployment({ selector: {} }))).toBe(true)
  expect(selectsEverything(deployment())).toBe(false)
})

describe('a Deployment says of itself', () => {
  test('that it is paused and resumed', () => {
    const paused = withPauseTold(deployment({ paused: true }), 0)
    expect(conditionsOf(paused)).toEqual([['Unknown', 'DeploymentPaused', 'Deployment is paused']])
    expect(withPauseTold(paused, 9)).toBe(paused)
    const resumed = withPauseTold(deployment({}, paused.status), 0)
    expect(conditionsOf(resumed)).toEqual([['Unknown', 'DeploymentResumed', 'Deployment is resumed']])
    const failed = deployment(
      { paused: true },
      { conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] },
    )
    expect(withPauseTold(failed, 0)).toBe(failed)
    const { progressDeadlineSeconds: _, ...spec } = deployment({ paused: true }).spec
    const timeless = { ...deployment(), spec }
    expect(withPauseTold(timeless, 0)).toBe(timeless)
  })

  test('which revision its new replica set has, and that it found it', () => {
    const found = withRevisionTold(deployment(), [set], 0)
    expect(found.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' })
    expect(conditionsOf(found)).toEqual([['True', 'FoundNewReplicaSet', `Found new replica set "${NAME_1}"`]])
    expect(withRevisionTold(found, [set], 9)).toBe(found)
    expect(withRevisionTold(found, [], 9)).toBe(found)
  })

  test('what it made, what failed and what collided', () => {
    expect(conditionsOf(withCreationTold(deployment(), set, 0))).toEqual([
      ['True', 'NewReplicaSetCreated', `Created new replica set "${NAME_1}"`],
    ])
    const timeless = deployment({ progressDeadlineSeconds: 2_147_483_647 })
    expect(conditionsOf(withCreationTold(timeless, set, 0))).toEqual([])
    const message = creationFailure('web-x', 'no')
    expect(conditionsOf(withFailureTold(deployment(), message, 0))).toEqual([
      ['False', 'ReplicaSetCreateError', 'Failed to create new replica set "web-x": no'],
    ])
    expect(withCollision(withCollision(deployment())).status?.collisionCount).toBe(2)
  })
})

describe('a replica set', () => {
  test('gets annotations, revision and minReadySeconds of its Deployment', () => {
    expect(annotated(deployment(), [set], set)).toBe(set)
    expect(annotated(deployment({ minReadySeconds: 3 }), [set], set).spec.minReadySeconds).toBe(3)
    const noted = deployment({}, {}, { annotations: { note: 'a' } })
    expect(annotated(noted, [set], set).metadata.annotations?.note).toBe('a')
    const bare = { ...set, metadata: { ...set.metadata, annotations: undefined } } as unknown as typeof set
    const timed = annotated(deployment({ minReadySeconds: 3 }), [], bare)
    expect(timed.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' })
  })

  test('is written when its size or what it says of it changes', () => {
    expect(resized(deployment(), set, 4)).toBe(set)
    expect(resized(deployment(), set, 3).spec.replicas).toBe(3)
    expect(resized(deployment({ replicas: 8 }), set, 4).metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/desired-replicas': '8',
      'deployment.kubernetes.io/max-replicas': '10',
    })
    const scalings = [
      { name: NAME_1, to: 4 },
      { name: NAME_1, to: 2 },
      { name: 'unknown', to: 2 },
    ]
    expect(needed(deployment(), [set], scalings)).toEqual([{ name: NAME_1, to: 2 }])
    expect(scalingMessage('web', 0, 3)).toBe('Scaled up replica set web from 0 to 3')
    expect(scalingMessage('web', 3, 1)).toBe('Scaled down replica set web from 3 to 1')
  })
})
