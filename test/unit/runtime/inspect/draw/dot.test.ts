import { instance } from '@viz-js/viz'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../../../machines/catalogue.ts'
import { chartOf } from '../../../../../runtime/inspect/draw/chart.ts'
import { dot, wrapped } from '../../../../../runtime/inspect/draw/dot.ts'
import { trafficLight } from './traffic-light.ts'

interface Drawn {
  readonly objects: readonly { readonly name: string; readonly label?: string }[]
  readonly edges: readonly { readonly tail: number; readonly head: number; readonly label?: string }[]
}

test('every machine there is is drawn by Graphviz, and no arrow leads to a place without a name', async () => {
  const viz = await instance()
  for (const { machine } of catalogue) {
    const { objects = [] } = viz.renderJSON(dot(chartOf(machine))) as Partial<Drawn>
    expect(
      objects.map(({ name }) => name),
      machine.id,
    ).not.toContain('')
  }
})

describe('a chart in the language of Graphviz', () => {
  const text = dot(chartOf(trafficLight))

  test('is drawn by Graphviz, with every state once and every arrow between the right ones', async () => {
    const viz = await instance()
    const { objects, edges } = viz.renderJSON(text) as Drawn
    const names = objects.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of ['cluster day', 'cluster night', 'cluster night.lamps', 'day.green', 'night.bell.loud', 'dark'])
      expect(names).toContain(name)
    const arrows = edges.map(({ tail, head, label = '' }) => `${names[tail]} > ${names[head]}: ${label}`)
    expect(arrows).toContain('day.green > day.yellow: after 30 s (green period)')
    expect(arrows).toContain('day.red > day.green: [a car waits]')
    expect(arrows).toContain('night>anchor > day.again: after 6 h (night)')
    expect(arrows.filter((arrow) => arrow.includes('>initial'))).toHaveLength(5)
    expect(names).not.toContain('')
  })

  test('says in a state what it means and does, and quotes what has to be quoted', () => {
    expect(text).toContain('green\\n→ ring: twice\\ncount the car →')
    expect(text).toContain('late; \\"very\\" <late>')
    expect(text).toContain('A crossing, as drivers see it.')
  })

  test('is the same text each time', () => {
    expect(dot(chartOf(trafficLight))).toBe(text)
  })
})

test('words are broken at spaces, where that is possible, and lines that are there are kept', () => {
  expect(wrapped('one two three four', 9)).toBe('one two\nthree\nfour')
  expect(wrapped('incomprehensible', 5)).toBe('incomprehensible')
  expect(wrapped('one\ntwo three', 20)).toBe('one\ntwo three')
})
