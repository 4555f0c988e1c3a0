/** The stories of docs/examples/scenarios: each once in fine weather, and under a fiftieth of the soak's seeds in bad weather. */
import { describe, expect, test } from 'vitest'
import { play } from '../../machines/cluster/scenario.ts'
import { A_FIFTIETH, inWords, STORIES, weathered } from './weather.ts'

describe.each(Object.entries(STORIES))('%s', (_, story) => {
  test('comes out well, and shows what it is about', () => {
    const { broken, seen } = play(story, { settles: true })
    expect(broken).toEqual([])
    expect(Object.values(seen)).not.toContain(false)
  })

  test('comes out well in bad weather, and no step breaks what its machine promises', () => {
    for (let seed = 1; seed <= A_FIFTIETH; seed++) {
      const { broken, struck } = weathered(story, seed)
      expect(broken, `seed ${seed}\n${inWords(struck)}`).toEqual([])
    }
  })
})
