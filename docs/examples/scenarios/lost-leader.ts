/**
 * Three control planes; the one whose etcd member leads loses power while somebody writes. A new leader is elected, the
 * controllers and the scheduler find a new one among them too, and nothing that was acknowledged is lost.
 */
import { type Cluster, scenario } from '../../../machines/index.ts'

const MEMBERS = ['etcd/cp-1', 'etcd/cp-2', 'etcd/cp-3']

export const lostLeader = scenario(
  'the leader of etcd loses power while somebody writes',
  { nodes: 1, controlPlanes: 3 },
  ({ cluster, faults, apply, run, runUntil, always, eventually, sometimes }) => {
    const written: string[] = []
    const write = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const name = `note-${written.length + 1}`
        apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })
        written.push(name)
        run('500ms')
      }
    }
    always('a term of raft has at most one leader', () => {
      const terms = leaders(cluster).map((member) => termOf(cluster, member))
      return new Set(terms).size === terms.length
    })
    sometimes('nobody leads', () => leaders(cluster).length === 0)
    eventually('all that was acknowledged is there', () => written.every((name) => cluster.object('cm', name)))
    eventually('all control planes are at work', () =>
      MEMBERS.every((member) => /leader|follower/.test(cluster.state(member) ?? '')),
    )

    write(10)
    runUntil(() => leaders(cluster).length > 0, { within: '1m' })
    const [leader = ''] = leaders(cluster)
    const host = leader.slice('etcd/'.length)
    faults.powerOff(host)
    write(20)
    runUntil(() => leaders(cluster).some((member) => member !== leader), { within: '2m' })
    faults.powerOn(host)
    write(10)
  },
)

const leaders = (cluster: Cluster): readonly string[] =>
  MEMBERS.filter((member) => /role\.leader/.test(cluster.state(member) ?? ''))

const termOf = (cluster: Cluster, member: string): number | undefined =>
  (cluster.world.snapshot(member)?.context as { readonly term?: number } | undefined)?.term
