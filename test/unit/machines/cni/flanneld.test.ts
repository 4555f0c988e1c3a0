import { describe, expect, test } from 'vitest'
import { flanneld } from '../../../../machines/cni/flanneld.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const started = () =>
  born(flanneld, { node: 'node-1', apiserver: 'load-balancer/lb', runtime: 'containerd/node-1' }, 'flanneld/node-1')
const node = (podCIDR?: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: { podCIDR } })
const seen = (podCIDR?: string) => ({
  type: 'cache.changed',
  resource: 'nodes',
  cache: { view: 'nodes@1', resourceVersion: '1', objects: Tree.of([['node-1', node(podCIDR)]]), by: {} },
  deltas: [],
  filled: true,
})

describe('flanneld', () => {
  test('watches its own node and waits until it has a range', () => {
    const chart = started()
    expect(chart.did('spawn')[0]).toMatchObject({
      machine: 'reflector',
      input: { fieldSelector: 'metadata.name=node-1' },
    })
    expect(chart.on(seen()).state).toBe('waitingForRange')
  })

  test('configures the runtime with the range, once', () => {
    const chart = started().on(seen('10.244.3.0/24'))
    expect(chart.did('send')).toEqual([
      { do: 'send', to: 'containerd/node-1', event: { type: 'cni.configured', podCIDR: '10.244.3.0/24' } },
    ])
    expect(chart.on(seen('10.244.3.0/24')).asked).toEqual([])
  })

  test('tries again every second while the runtime is down', () => {
    const down = started()
      .on(seen('10.244.3.0/24'))
      .on({ type: 'send.refused', to: 'containerd/node-1', event: 'cni.configured' })
    expect(down.state).toBe('runtimeIsDown')
    expect(down.after('retry period').did('send')).toHaveLength(1)
  })
})

expectWhole(flanneld)
