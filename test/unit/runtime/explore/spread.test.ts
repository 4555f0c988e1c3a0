import { expect, test } from 'vitest'
import { Spread } from '../../../../runtime/explore/spread.ts'
import { inParts } from '../../../kit/worlds/gossip.ts'

test('a state is told as its parts, what is under way, and what is left', () => {
  const spread = new Spread(inParts({ budgets: { crashes: 1 } }))
  const quiet = JSON.stringify(['quiet', 0])
  expect(spread.seen(false)).toEqual({ views: [quiet, quiet, quiet], underWay: {}, left: { crashes: 1 }, isEnd: false })
})
test('each step is told in words, and leads to a row of its own', () => {
  const spread = new Spread(inParts())
  const steps = new Map<string, string>()
  expect(spread.each((words) => steps.set(words(), spread.next.join()))).toBe(true)
  expect([...steps.keys()]).toEqual(['a', 'b', 'c'].map((name) => `gossip/${name} has waited long enough`))
  expect(new Set([...steps.values(), spread.row.join()]).size).toBe(4)
})
test('what was said is under way on its connections', () => {
  const spread = new Spread(inParts())
  const first: Int32Array[] = []
  spread.each(() => first.push(spread.next.slice()))
  spread.row.set(first[0] as Int32Array)
  const rumour = [JSON.stringify({ type: 'rumour' })]
  expect(spread.seen(false).underWay).toEqual({ '0>1': rumour, '0>2': rumour })
})
