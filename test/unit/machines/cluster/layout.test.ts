import { expect, test } from 'vitest'
import { apiserversOf, hostsOf, membersOf } from '../../../../machines/cluster/layout.ts'
import { type ClusterOptions, completed } from '../../../../machines/cluster/options.ts'
import { processesOf } from '../../../../machines/cluster/processes.ts'

const units = (options: Partial<ClusterOptions>): Record<string, string[]> => {
  const complete = completed(options)
  const hosts = hostsOf(complete, processesOf(complete))
  return Object.fromEntries(hosts.map(({ name, input }) => [name, input.units.map(({ address }) => address)]))
}

test("machines are laid out as kubeadm does, with a load balancer and a user's workstation", () => {
  expect(units({ nodes: 1, controlPlanes: 1 })).toEqual({
    'cp-1': ['etcd/cp-1', 'kube-apiserver/cp-1', 'kube-scheduler/cp-1', 'coredns/cp-1', 'kube-controller-manager/cp-1'],
    lb: ['load-balancer/lb'],
    'node-1': ['containerd/node-1', 'kubelet/node-1', 'flanneld/node-1', 'kube-proxy/node-1'],
    workstation: [],
  })
})

test('a control plane without an etcd member of its own uses those of the others', () => {
  const options = completed({ controlPlanes: 2, etcd: 1, nodes: 0 })
  const hosts = hostsOf(options, processesOf(options))
  const apiserver = hosts[1]?.input.units.find(({ address }) => address === 'kube-apiserver/cp-2')
  expect(apiserver?.input).toMatchObject({ etcd: ['etcd/cp-1'] })
})

test('an API server asks its own etcd member first', () => {
  const options = completed({ controlPlanes: 3, nodes: 0 })
  const hosts = hostsOf(options, processesOf(options))
  const apiserver = hosts[1]?.input.units.find(({ address }) => address === 'kube-apiserver/cp-2')
  expect(apiserver?.input).toMatchObject({ etcd: ['etcd/cp-2', 'etcd/cp-1', 'etcd/cp-3'] })
  expect(membersOf(options)).toHaveLength(3)
  expect(apiserversOf(options)).toHaveLength(3)
})

test('a real etcd has machines of its own, of which all API servers know', () => {
  const options = completed({ controlPlanes: 2, nodes: 0, etcd: ['http://a:2379', 'http://b:2379'] })
  const hosts = hostsOf(options, processesOf(options))
  expect(hosts.map(({ name }) => name)).toEqual(['etcd-1', 'etcd-2', 'cp-1', 'cp-2', 'lb', 'workstation'])
  expect(hosts[0]?.input.units).toEqual([])
  const [first] = hosts[2]?.input.units ?? []
  expect(first).toMatchObject({ address: 'kube-apiserver/cp-1', input: { etcd: ['etcd/etcd-1', 'etcd/etcd-2'] } })
})
