/** What the real Deployment and ReplicaSet controllers did in the recordings, ours do too. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Trace, Replay } from './replay.ts'

const FOLDER = `${process.env['ORRERY_REFERENCE'] ?? 'test/reference'}/controllers/traces`
const ONLY = process.env['ORRERY_ONLY']
const general = (text: string) => text.replace(/<rand(:\d+)?>/g, '<rand>').replace(/(web2?|one|two)(-[bcdfghjklmnpqrstvwxz2456789]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])/g, '$1$2-<rand>')

for (const category of ['deployment', 'replicaset'])
  for (const file of existsSync(`${FOLDER}/${category}`) ? readdirSync(`${FOLDER}/${category}`) : []) {
    if (ONLY !== undefined && !file.includes(ONLY)) continue
    const trace = JSON.parse(readFileSync(`${FOLDER}/${category}/${file}`, 'utf8')) as Trace
    test(`${trace.name}: ${trace.title}`, () => {
      const replay = new Replay(trace)
      const { cluster } = replay
      const sizes: string[] = []
      const reasons: string[] = []
      const seen = new Map<string, string>()
      const look = cluster.look(() => {
        for (const set of cluster.get<any>('replicasets', trace.namespace)) {
          const key = `rs ${set.metadata.uid}`
          const now = `${set.metadata.name} ${set.spec.replicas}`
          if (seen.get(key) !== now) sizes.push(now)
          seen.set(key, now)
        }
        for (const deployment of cluster.get<any>('deployments', trace.namespace)) {
          const key = `d ${deployment.metadata.uid}`
          const now = `${deployment.metadata.name} ${deployment.status?.conditions?.find((c: any) => c.type === 'Progressing')?.reason ?? ''}`
          if (seen.get(key) !== now && !now.endsWith(' ')) reasons.push(now)
          seen.set(key, now)
        }
      })
      replay.run()
      look()
      const events = cluster.get<any>('events', trace.namespace).flatMap((e) => (/^(deployment|replicaset)-controller$/.test(e.source?.component) ? Array.from({ length: e.count }, () => `${e.type} ${e.reason} ${e.involvedObject.kind} ${general(e.message)}`) : []))
      const expectedEvents = trace.events.filter(({ component }) => /^(deployment|replicaset)-controller$/.test(component)).map((e) => `${e.type} ${e.reason} ${e.object.split('/')[0]} ${general(e.message)}`)
      const expectedSizes: [number, string][] = []
      const expectedReasons: [number, string][] = []
      for (const object of trace.objects) {
        let last = ''
        for (const { n, type, object: full, patch } of object.history) {
          const part = (full ?? patch) as any
          if (object.kind === 'ReplicaSet' && part?.spec?.replicas !== undefined && type !== 'DELETED') expectedSizes.push([n, `${object.name} ${part.spec.replicas}`])
          const reason = part?.status?.conditions?.find((c: any) => c.type === 'Progressing')?.reason
          if (object.kind === 'Deployment' && reason !== undefined && reason !== last) expectedReasons.push([n, `${object.name} ${(last = reason)}`])
        }
      }
      const inOrder = (list: [number, string][]) => list.sort(([a], [b]) => a - b).map(([, text]) => text)
      const finals = ['deployments', 'replicasets'].flatMap((resource) => cluster.get<any>(resource, trace.namespace))
      const shape = (o: any) => `${o.kind} ${o.metadata.name} ${JSON.stringify(o.metadata.annotations ?? {}, Object.keys(o.metadata.annotations ?? {}).sort())} ${o.spec.replicas} ${JSON.stringify(Object.entries(o.status ?? {}).map(([k, v]) => (k === 'observedGeneration' && o.kind === 'Deployment' ? [] : k === 'conditions' ? (v as any[]).map((c) => [c.type, c.status, c.reason, general(c.message)]) : [k, v])).sort())}`
      const merged = (a: any, b: any): any => {
        if (typeof b !== 'object' || b === null || Array.isArray(b)) return b
        const out: any = { ...(typeof a === 'object' && !Array.isArray(a) ? a : {}) }
        for (const [k, v] of Object.entries(b)) v === null ? delete out[k] : (out[k] = merged(out[k], v))
        return out
      }
      const expectedFinals = trace.objects
        .filter(({ kind, name }) => ['Deployment', 'ReplicaSet'].includes(kind) && trace.final.includes(`${kind}/${name}`))
        .map(({ initial, history }) => history.reduce((o: any, { object, patch }) => object ?? (patch === undefined ? o : merged(o, patch)), initial))
      expect({ sizes, reasons, events: events.sort(), finals: finals.map(shape).sort() }).toEqual({
        sizes: inOrder(expectedSizes),
        reasons: inOrder(expectedReasons),
        events: expectedEvents.sort(),
        finals: [...new Map(expectedFinals.map((o: any) => [`${o.kind} ${o.metadata.name}`, o])).values()].map(shape).sort(),
      })
    }, 60_000)
  }
