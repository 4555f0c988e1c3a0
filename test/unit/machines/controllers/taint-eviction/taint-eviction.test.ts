import { describe, expect, test } from 'vitest'
import { taintEviction } from '../../../../../machines/controllers/taint-eviction/taint-eviction.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { changed, controllerInput, filled, node, pod } from '../objects.ts'

const EVICTING = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }
const well = node('node-1')
const tainted = node('node-1', 'Unknown', { spec: { taints: [EVICTING] } })
const bearing = (name: string, tolerationSeconds?: number): Pod =>
  pod(name, {
    spec: {
      tolerations: [{ operator: 'Exists', ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) }],
    },
  })
const start = (nodes = [well], pods: readonly Pod[] = [bearing('p', 10)]) =>
  born(taintEviction, controllerInput, 'taint-eviction-controller/cp-1')
    .on(filled('nodes', nodes))
    .on(filled('pods', pods))
const taint = changed('nodes', [tainted], [well, tainted])
const untaint = changed('nodes', [well], [tainted, well])
const ended = (uid = 'uid-p') => ({ type: 'eviction.ended', pod: 'default/p', uid })

describe('the eviction by taints', () => {
  test('schedules the pods of a node that is tainted, and cancels when the taint goes', () => {
    const scheduled = start().on(taint)
    expect(scheduled.did('spawn')).toMatchObject([
      { address: 'taint-eviction-controller/cp-1/default/p', machine: 'pod-eviction', input: { afterMs: 10_000 } },
    ])
    const cancelled = scheduled.on(untaint)
    expect(cancelled.did('send')).toMatchObject([{ event: { type: 'eviction.cancelled' } }])
    const forgotten = cancelled.on(ended())
    expect(forgotten.on(taint).did('spawn')).toHaveLength(1)
  })

  test('finds pods on nodes that were tainted before it began', () => {
    expect(start([tainted]).did('spawn')).toHaveLength(1)
    const podsFirst = born(taintEviction, controllerInput, 't/cp-1').on(filled('pods', [bearing('p', 10)]))
    expect(podsFirst.on(filled('nodes', [tainted])).did('spawn')).toHaveLength(1)
  })

  test('leaves pods alone that bear it for ever, and nodes whose taints are the same', () => {
    expect(start([well], [bearing('p')]).on(taint).asked).toEqual([])
    expect(start().on(changed('nodes', [well], [well, node('node-1', 'False')])).asked).toEqual([])
  })

  test('looks at a new pod on a tainted node, and at changed tolerations', () => {
    const known = start([tainted], [])
    const scheduled = known.on(changed('pods', [bearing('p', 10)], [undefined, bearing('p', 10)]))
    expect(scheduled.did('spawn')).toHaveLength(1)
    const same = changed('pods', [bearing('p', 10)], [bearing('p', 10), bearing('p', 10)])
    expect(scheduled.on(same).asked).toEqual([])
    const longer = changed('pods', [bearing('p', 99)], [bearing('p', 10), bearing('p', 99)])
    expect(scheduled.on(longer).asked).toEqual([])
    const forEver = changed('pods', [bearing('p')], [bearing('p', 10), bearing('p')])
    expect(scheduled.on(forEver).did('send')).toMatchObject([{ event: { type: 'eviction.cancelled' } }])
    const notAtAll = changed('pods', [pod('p')], [bearing('p', 10), pod('p')])
    expect(scheduled.on(notAtAll).did('send')).toMatchObject([{ event: { type: 'patience.ended' } }])
    expect(start().on(changed('pods', [bearing('q')], [undefined, bearing('q')])).asked).toEqual([])
  })

  test('is over with the pod, and begins again for another of its name', () => {
    const scheduled = start([tainted])
    const gone = scheduled.on(changed('pods', [], [bearing('p', 10), undefined]))
    expect(gone.did('send')).toMatchObject([{ event: { type: 'eviction.cancelled' } }])
    expect(gone.on(ended()).asked).toEqual([])
    const second = bearing('p', 10)
    const other: Pod = { ...second, metadata: { ...second.metadata, uid: 'second' } }
    const replacedPod = scheduled.on(changed('pods', [other], [bearing('p', 10), other]))
    expect(replacedPod.did('send')).toMatchObject([{ event: { type: 'eviction.cancelled' } }])
    expect(replacedPod.on(ended()).did('spawn')).toMatchObject([{ input: { uid: 'second' } }])
    expect(start().on(changed('pods', [], [bearing('x'), undefined])).asked).toEqual([])
  })
})

expectWhole(taintEviction)
