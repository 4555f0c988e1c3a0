import { expect, test } from 'vitest'
import { again, begun, gone, type Jobs, noJobs, seen } from '../../../../machines/kwok/pod-jobs.ts'
import { pod } from './fixtures.ts'

const HOME = { hostIP: '192.168.0.5', podCIDR: undefined }
const empty = (): Jobs => {
  const jobs = noJobs('10.0.0.1/24')
  return { ...jobs, homes: jobs.homes.set('kwok-node-0', HOME) }
}
const next = (jobs: Jobs) => {
  const found = begun(jobs, 0)
  if (found === undefined) throw new Error('something waits')
  return found
}
const ipOf = (status: object | undefined) => (status as { podIP: string }).podIP

test('pods are played in the order in which they came, with one address after another', () => {
  const [first, rest] = next(seen(seen(empty(), pod('b')), pod('a')))
  const [second, none] = next(rest)
  expect([first.key, second.key]).toEqual(['default/b', 'default/a'])
  expect([ipOf(first.status), ipOf(second.status)]).toEqual(['10.0.0.1', '10.0.0.2'])
  expect(begun(none, 0)).toBeUndefined()
})

test('a newer state takes the place of the one that waits, the same is not queued twice', () => {
  const newer = pod('a', { metadata: { resourceVersion: '2', deletionTimestamp: 'now' } })
  const waiting = seen(empty(), pod('a'))
  expect(seen(waiting, pod('a'))).toBe(waiting)
  const [due, rest] = next(seen(waiting, newer))
  expect(due.stage).toBe('pod-delete')
  expect(begun(rest, 0)).toBeUndefined()
})

test('an address that was given back goes to the next pod', () => {
  const [, playing] = next(seen(empty(), pod('a')))
  const ran = pod('a', { status: { podIP: '10.0.0.1' } })
  const [due] = next(seen(gone(playing, ran), pod('b')))
  expect(ipOf(due.status)).toBe('10.0.0.1')
})

test('pods of the host’s network have its address and take none', () => {
  const host = pod('a', { spec: { hostNetwork: true } })
  const [due, rest] = next(seen(empty(), host))
  expect(ipOf(due.status)).toBe('192.168.0.5')
  expect(gone(rest, pod('a', { spec: { hostNetwork: true }, status: { podIP: '192.168.0.5' } })).pools.size).toBe(0)
})

test('the address that a pod of a Job has from before is nobody else’s', () => {
  const metadata = { ownerReferences: [{ kind: 'Job' }] }
  const ran = pod('job', { metadata, status: { phase: 'Running', podIP: '10.0.0.1' } })
  const [due, rest] = next(seen(empty(), ran))
  expect(due.stage).toBe('pod-complete')
  expect(ipOf(next(seen(rest, pod('a')))[0].status)).toBe('10.0.0.2')
})

test('what waits for a node that was let go is passed over', () => {
  const waiting = seen(empty(), pod('a'))
  const left = { ...waiting, homes: waiting.homes.delete('kwok-node-0') }
  expect(begun(left, 0)).toBeUndefined()
  expect(gone(left, pod('a'))).toBe(left)
  expect(seen(left, pod('b'))).toBe(left)
})

test('a pod is played again unless something newer waits', () => {
  const job = { pod: pod('a'), stage: 'pod-ready', retries: 1 } as const
  expect(again(empty(), 'default/a', job).jobs.get('default/a')).toBe(job)
  const newer = seen(empty(), pod('a', { metadata: { resourceVersion: '2' } }))
  expect(again(newer, 'default/a', job)).toBe(newer)
})
