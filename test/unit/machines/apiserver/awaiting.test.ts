import { expect, test } from 'vitest'
import { bookmarksAsked, reached, waitingKey } from '../../../../machines/apiserver/awaiting.ts'
import { EVERYTHING } from '../../../../machines/apiserver/selection.ts'
import { joined, NOBODY } from '../../../../machines/apiserver/watchers.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { cacheWith } from './attempts.ts'

test('those are answered whose revision is reached, the others wait on', () => {
  const waiting = Tree.of(
    [9, 10, 11].map((revision) => [waitingKey(revision, 'r'), { client: 'r', call: revision }] as const),
  )
  const [rest, effects] = reached(waiting, cacheWith())
  expect(effects.map((effect) => (effect as { call: number }).call)).toEqual([9, 10])
  expect(rest.keys()).toEqual([waitingKey(11, 'r')])
})

test('bookmarks are asked for once, and only where somebody wants them', () => {
  const selection = { ...EVERYTHING, namespace: 'default' }
  const watchers = joined(NOBODY, 'pods', { stream: 1, selection, bookmarks: true, after: 0 })
  const [due, effects] = bookmarksAsked(Tree.of(), watchers, ['pods', 'nodes'])
  expect(effects).toMatchObject([{ do: 'wake', key: 'bookmarks pods', afterMs: 60_000 }])
  expect(bookmarksAsked(due, watchers, ['pods'])[1]).toEqual([])
})
