import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { drawCommand } from '../../../cli/draw.ts'
import { runCommand } from '../../../cli/run.ts'
import { catalogue } from '../../../machines/catalogue.ts'
import { folder, ran, WEB } from './command.ts'

const at = folder()

test.each([
  ['mermaid', /^stateDiagram-v2/m],
  ['dot', /^digraph/m],
  ['svg', /^<svg/],
  ['json', /^\{/],
])('a machine is drawn as %s', async (format, begins) => {
  const { out, code } = await ran(drawCommand(), 'unit', '--format', format)
  expect(code).toBe(0)
  expect(out).toMatch(begins)
  expect(out).toContain('waitingToRestart')
})

test('a machine that is not there is told, with those it may have meant', async () => {
  expect(await ran(drawCommand(), 'pod')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no machine "pod"; did you mean pod-/),
  })
  expect(await ran(drawCommand(), 'zebra')).toMatchObject({
    code: 2,
    err: expect.stringContaining('orrery machines lists them'),
  })
  expect(await ran(drawCommand())).toMatchObject({ code: 2, err: expect.stringContaining('name a machine') })
})

test('all machines are drawn into a folder, or as one JSON', async () => {
  const charts = join(at, 'charts')
  await ran(drawCommand(), '--all', '--out', charts)
  expect(readdirSync(charts)).toHaveLength(catalogue.length)
  expect(JSON.parse((await ran(drawCommand(), '--all', '--json')).out)).toHaveLength(catalogue.length)
})

test('the sequence of a run is drawn from its log', async () => {
  const [manifest, log, picture] = [join(at, 'web.yaml'), join(at, 'run.log'), join(at, 'sequence.svg')]
  writeFileSync(manifest, WEB)
  await ran(runCommand(), manifest, '--nodes', '1', '--for', '2s', '--quiet', '--log', log)
  const { out } = await ran(drawCommand(), '--sequence', log)
  expect(out).toMatch(/^sequenceDiagram/m)
  expect(out).toContain('kube-apiserver/cp-1')
  await ran(drawCommand(), '--sequence', log, '--format', 'svg', '--out', picture)
  expect(existsSync(picture) && readFileSync(picture, 'utf8')).toMatch(/^<svg/)
  expect((await ran(drawCommand(), '--sequence', log, '--format', 'dot')).code).toBe(2)
})
