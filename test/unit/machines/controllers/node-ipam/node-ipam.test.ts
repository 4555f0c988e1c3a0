import { describe, expect, test } from 'vitest'
import { nodeIpamWith } from '../../../../../machines/controllers/node-ipam/index.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { changed, controllerInput, filled, node } from '../objects.ts'

const [machine] = nodeIpamWith({ range: '10.244.0.0/23', bits: 24 }).machines
if (machine === undefined) throw new Error('it is listed')
const start = () => born(machine, controllerInput, 'node-ipam-controller/cp-1')
const having = (name: string, podCIDR: string) => node(name, 'True', { spec: { podCIDR } })
const inputs = (spawned: readonly { input: unknown }[]) => spawned.map(({ input }) => (input as { cidr: string }).cidr)
const refusedRange = (name: string, cidr: string, mayStand: boolean) => ({
  type: 'range.refused',
  node: name,
  cidr,
  mayStand,
})

describe('the allocator', () => {
  test('gives a new node what is not in use', () => {
    const known = start().on(filled('nodes', [node('a'), having('b', '10.244.0.0/24')]))
    expect(inputs(known.did('spawn'))).toEqual(['10.244.1.0/24'])
    expect(known.did('spawn')[0]?.address).toBe('node-ipam-controller/cp-1/a')
    const quiet = known.on(changed('nodes', [], [node('a'), having('a', '10.244.1.0/24')]))
    expect(quiet.asked).toEqual([])
    expect(quiet.on({ type: 'range.assigned', node: 'a' }).asked).toEqual([])
  })

  test('says that none is left, tries again, and finds one that was given back', () => {
    const full = start().on(filled('nodes', [having('a', '10.244.0.0/24'), having('b', '10.244.1.0/24')]))
    const without = full.on(changed('nodes', [], [undefined, node('c')]))
    expect(without.did('send')).toMatchObject([
      { event: { reason: 'CIDRNotAvailable', kind: 'Normal', message: 'Node c status is now: CIDRNotAvailable' } },
    ])
    expect(without.did('wake')).toMatchObject([{ afterMs: 5, event: { type: 'assignment.due', node: 'c' } }])
    const again = without.on({ type: 'assignment.due', node: 'c' })
    expect(again.did('wake')).toMatchObject([{ afterMs: 10 }])
    const freed = again.on(changed('nodes', [], [having('a', '10.244.0.0/24'), undefined]))
    expect(inputs(freed.on({ type: 'assignment.due', node: 'c' }).did('spawn'))).toEqual(['10.244.0.0/24'])
  })

  test('takes a range back that could not be written, and keeps one that may have been', () => {
    const writing = start().on(filled('nodes', [node('a')]))
    const back = writing.on(refusedRange('a', '10.244.0.0/24', false))
    expect(back.did('send')).toMatchObject([{ event: { reason: 'CIDRAssignmentFailed' } }])
    expect(inputs(back.on({ type: 'assignment.due', node: 'a' }).did('spawn'))).toEqual(['10.244.1.0/24'])
    const kept = writing.on(refusedRange('a', '10.244.0.0/24', true))
    expect(inputs(kept.on({ type: 'assignment.due', node: 'a' }).did('spawn'))).toEqual(['10.244.0.0/24'])
    const shown = kept.on(changed('nodes', [], [node('a'), having('a', '10.244.0.0/24')]))
    expect(shown.on({ type: 'assignment.due', node: 'a' }).asked).toEqual([])
    expect(shown.on(refusedRange('a', '10.244.0.0/24', false)).asked).toEqual([])
  })

  test('yields to a range that somebody else wrote, and begins anew with a node made again', () => {
    const writing = start().on(filled('nodes', [node('a')]))
    const other = writing.on(changed('nodes', [], [node('a'), having('a', '10.244.1.0/24')]))
    expect(inputs(other.on(changed('nodes', [], [undefined, node('b')])).did('spawn'))).toEqual(['10.244.0.0/24'])
    const anew = node('a', 'True', { metadata: { uid: 'second' } })
    const again = writing.on(changed('nodes', [anew], [node('a'), anew]))
    expect(again.asked.map((effect) => effect.do)).toEqual(['stop', 'spawn'])
    expect(writing.on(changed('nodes', [node('a')], [node('a'), node('a')])).asked).toEqual([])
    expect(writing.on({ type: 'assignment.due', node: 'nobody' }).asked).toEqual([])
  })
})

expectWhole(machine)
