import { expect, test } from 'vitest'
import type { Context } from '../../../../machines/etcd/context.ts'
import { leaderAppendOnly, violations } from '../../../../machines/etcd/invariants.ts'
import { appended, emptyLog, truncated } from '../../../../machines/etcd/raft/log.ts'
import { Cluster, put } from './cluster.ts'

const healthy = (): readonly Context[] => {
  const cluster = new Cluster(3)
  cluster.run(3_000)
  cluster.reply(cluster.leader, put('a'))
  cluster.run(500)
  return cluster.names.map((name) => cluster.context(name))
}
const broken = (change: (context: Context, i: number) => Partial<Context>): readonly string[] =>
  violations(healthy().map((context, i) => ({ ...context, ...change(context, i) })))

test('hold in a healthy cluster', () => expect(violations(healthy())).toEqual([]))

test('see two leaders of one term', () => {
  expect(broken(({ self }) => ({ lead: self })).join()).toContain('election safety')
})

test('see logs that differ and agree later', () => {
  const found = broken(({ log, term }, i) => {
    if (i !== 0) return {}
    const last = { index: log.last.index, term, data: undefined }
    const other = { index: log.last.index - 1, term: term - 1, data: undefined }
    return { log: appended(truncated(log, log.last.index - 2), [other, last]) }
  })
  expect(found.join()).toContain('log matching')
})

test('see a leader that lacks what was applied, and one that lost what it had', () => {
  const short = ({ self, lead, log }: Context): Partial<Context> =>
    self === lead ? { log: truncated(log, log.last.index - 1), applied: 0, stable: 0 } : {}
  expect(broken(short).join()).toContain('leader completeness')
  const leader = healthy().find(({ self, lead }) => self === lead) as Context
  expect(leaderAppendOnly(leader, leader)).toEqual([])
  expect(leaderAppendOnly(leader, { ...leader, ...short(leader) }).join()).toContain('leader append-only')
  expect(leaderAppendOnly(leader, { ...leader, lead: '' })).toEqual([])
})

test('see different entries applied at one index', () => {
  const other = broken(({ log, applied }, i) => {
    if (i !== 0) return {}
    const entry = { index: applied, term: 9, data: undefined }
    return { log: appended(truncated(log, applied - 1), [entry]) }
  })
  expect(other.join()).toContain('state machine safety')
})

test('see a member that applied what is not committed', () => {
  expect(broken(() => ({ commit: 0 })).join()).toContain('order')
  expect(broken(() => ({ log: emptyLog() })).join()).toContain('order')
})
