import { describe, expect, test } from 'vitest'
import { BadManifests, type Cluster, NeverHappened } from '../../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { KubectlFailed } from '../../../../machines/cluster/kubectl.ts'
import type { Pod } from '../../../../machines/protocol/objects.ts'
import { logLine } from '../../../../runtime/inspect/log.ts'
import { replay } from '../../../../runtime/record.ts'

const base = createCluster({ nodes: 1 })
const fresh = (): Cluster => base.fork()
const map = (name: string, data = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n'

describe('applying', () => {
  test('takes YAML, an object, or many', () => {
    const cluster = fresh()
    cluster.apply(POD)
    cluster.apply(map('a'))
    cluster.apply([map('b'), map('c')])
    const made = cluster.get('cm', 'default').map(({ metadata }) => metadata.name)
    expect(made).toEqual(['a', 'b', 'c', 'kube-root-ca.crt'])
    expect(cluster.object('pod', 'web')).toBeDefined()
  })

  test('bad manifests are told with their places, and nothing of them is applied', () => {
    const cluster = fresh()
    const bad = () => cluster.apply(`${POD}---\napiVersion: v1\nkind: Pod\nmetadata: {nme: b}\n`, 'bad.yaml')
    expect(bad).toThrow(BadManifests)
    expect(bad).toThrow(/^bad\.yaml:8:12: metadata\.nme: unknown field; did you mean "name"\?/)
    expect(cluster.object('pod', 'web')).toBeUndefined()
  })

  test('what the API refuses is an error with what kubectl printed', () => {
    expect(() => fresh().apply(map('Not A Name'))).toThrow(KubectlFailed)
  })
})

describe('looking', () => {
  test('objects are had by any name of their resource', () => {
    for (const name of ['nodes', 'no', 'node', 'Node']) expect(fresh().get(name), name).toHaveLength(1)
    expect(fresh().node('node-1').ready).toBe(true)
    expect(fresh().node('node-7')).toEqual({ object: undefined, ready: false })
    expect(fresh().object('ns', 'kube-system')).toMatchObject({ kind: 'Namespace' })
    expect(() => fresh().get('lamps')).toThrow('the API serves no "lamps"; write for example pods or deployments.apps')
  })

  test('an actor is in a state, dotted; nobody is in none', () => {
    expect(fresh().state('deployment-controller/cp-1')).toBe('running')
    expect(fresh().state('kubelet/node-9')).toBeUndefined()
  })

  test('an object is as its last write left it', () => {
    const cluster = fresh()
    cluster.apply(map('a', { x: '1' }))
    const before = cluster.object('cm', 'a')
    cluster.apply(map('a', { x: '2' }))
    expect([before, cluster.object('cm', 'a')]).toMatchObject([{ data: { x: '1' } }, { data: { x: '2' } }])
    cluster.kubectl.delete('cm/a')
    expect(cluster.object('cm', 'a')).toBeUndefined()
  })

  test('heartbeats are of no interest, other writes are', () => {
    const cluster = fresh()
    cluster.run('5s')
    const { interest, revision } = cluster
    cluster.run('30s')
    expect(cluster.revision).toBeGreaterThan(revision)
    expect(cluster.interest).toBe(interest)
    cluster.apply(map('a'))
    expect(cluster.interest).toBeGreaterThan(interest)
  })
})

describe('time', () => {
  test('passes as far as it is told, however often it is told', () => {
    const [once, often] = [fresh(), fresh()]
    once.run('3s')
    for (let i = 0; i < 30; i++) often.run(100)
    expect(often.now).toBe(once.now)
    expect(often.world.counts).toEqual(once.world.counts)
  })

  test('runs until something holds, or until it was too long', () => {
    const cluster = fresh()
    cluster.apply(POD)
    const began = cluster.now
    cluster.runUntil((c) => c.pod('web').ready, { within: '1m' })
    expect(cluster.now - began).toBeGreaterThan(1_000)
    expect(cluster.now - began).toBeLessThan(20_000)
    expect(() => cluster.runUntil((c) => c.pod('other').ready, { within: '5s' })).toThrow(NeverHappened)
    expect(() => cluster.runUntil((c) => c.pod('other').ready, { within: '5s' })).toThrow(
      /not within 5s: .*pod\(.other.\)/,
    )
  })

  test('is looked at after every write, and every 50 ms, until that is ended', () => {
    const cluster = fresh()
    const seen: number[] = []
    const end = cluster.look(() => seen.push(cluster.now))
    cluster.run('5s')
    expect(seen.every((at, i) => i === 0 || at >= (seen[i - 1] as number))).toBe(true)
    expect(seen.length).toBeGreaterThan(10)
    end()
    const { length } = seen
    cluster.run('5s')
    expect(seen).toHaveLength(length)
  })
})

describe('a fork', () => {
  test('goes its own way, and so does the one it was made of', () => {
    const one = fresh()
    one.apply(POD)
    const other = one.fork()
    one.kubectl.delete('pod/web')
    other.runUntil((c) => c.pod('web').ready, { within: '1m' })
    expect(one.object('pod', 'web')).toBeUndefined()
    expect(other.object<Pod>('pod', 'web')?.status?.phase).toBe('Running')
  })

  test('that is told the same comes to the same, to the byte', () => {
    const lines = [fresh(), fresh()].map((cluster) => {
      const log: string[] = []
      cluster.world.observe((record) => log.push(logLine(record)))
      cluster.apply(POD)
      cluster.run('5s')
      return log
    })
    expect(lines[0]).toEqual(lines[1])
  })
})

test('a recording lives the run again, to the byte', () => {
  const lived = createCluster({ nodes: 1, seed: 5 })
  const log: string[] = []
  lived.world.observe((record) => log.push(logLine(record)))
  lived.apply(POD)
  lived.run('2s')
  lived.faults.crash('kubelet/node-1')
  lived.run('10s')
  const again = createCluster(lived.recording.setting)
  const same: string[] = []
  again.world.observe((record) => same.push(logLine(record)))
  replay(again.world, JSON.parse(JSON.stringify(lived.recording)))
  expect(same).toEqual(log)
  expect(again.now).toBe(lived.now)
})
