import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { replayCommand } from '../../../cli/replay.ts'
import { conditionOf, runCommand } from '../../../cli/run.ts'
import { whyCommand } from '../../../cli/why.ts'
import { folder, ran, WEB } from './command.ts'

const at = folder()
const file = (name: string, text: string): string => {
  const path = join(at, name)
  writeFileSync(path, text)
  return path
}
const web = file('web.yaml', WEB)
const run = (...args: readonly string[]) => ran(runCommand(), ...args, '--nodes', '2')

describe('manifests', () => {
  test('run until something holds, and the objects are shown', async () => {
    const { out, code } = await run(web, '--until', 'deployment/web=Available')
    expect(code).toBe(0)
    expect(out).toMatch(/user +kubectl apply Deployment\/web/)
    expect(out).toMatch(/^default +web +2\/2 +2 +2/m)
    expect(out).toMatch(/of virtual time, \d+ steps/)
  })

  test('run until nothing happens any more', async () => {
    const { out, code } = await run(web, '--until', 'quiet', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      broken: [],
      virtualMs: expect.any(Number),
      token: expect.stringMatching(/^orrery1/),
    })
  })

  test('that the API refuses are told with their places, and end with 2', async () => {
    const bad = file('bad.yaml', WEB.replace(/image: \S+/, 'imagePullPolicy: Sometimes'))
    const { err, code } = await run(bad)
    expect(code).toBe(2)
    expect(err).toMatch(/bad\.yaml:\d+:\d+: spec\.template\.spec\.containers\[0\]\.image: Required value/)
    expect(err).toMatch(/bad\.yaml:\d+:\d+: spec\.template\.spec\.containers\[0\]\.imagePullPolicy: Unsupported value/)
  })

  test('that do not come to what is waited for end with 1', async () => {
    const { out, code } = await run(web, '--until', 'pod/none=Ready', '--for', '5s', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ broken: ['pod/none=Ready: not within 5.000s'] })
  })

  test('go into a cluster that begins with a dump, or none do', async () => {
    const dump = file(
      'dump.yaml',
      `
apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: Node, metadata: { name: a.example.com }, status: { allocatable: { cpu: "2", memory: 4Gi, pods: "9" } } }
- { apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: c, image: nginx }] } }
`,
    )
    const { out, code } = await ran(runCommand(), '--from', dump, '--until', 'pod/web=Ready')
    expect(code).toBe(0)
    expect(out).toMatch(/^a\.example\.com +Ready/m)
    expect((await ran(runCommand())).err).toContain('name what to run, or a dump with --from')
    expect((await ran(runCommand(), '--from', web)).err).toContain('There is no Node in it.')
  })

  test('that are bad are told with their place, and nothing is done', async () => {
    const bad = file('bad.yaml', WEB.replace('image: nginx', 'imgae: nginx'))
    expect(await run(web, bad)).toEqual({
      code: 2,
      out: '',
      err: `${bad}:13:11: spec.template.spec.containers[0].imgae: unknown field; did you mean "image"?\n`,
    })
  })

  test('that do not fit together are bad input, too', async () => {
    const refused = file('refused.yaml', WEB.replace('app: web } }\n  template', 'app: other } }\n  template'))
    expect(await run(refused)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/refused\.yaml:9:25: spec\.template\.metadata\.labels: .*selector/),
    })
  })
})

test.each([
  [['--until', 'web'], /--until web: write kind\/name=Condition/],
  [['--etcd', '2', '--control-planes', '3'], /etcd: 2 members are no quorum/],
  [['--until', 'lamp/web=Lit'], /--until lamp\/web=Lit: the API serves no "lamp"; write for example/],
])('%o are bad flags, and it is said what to write', async (flags, sentence) => {
  expect(await run(web, ...flags)).toMatchObject({ code: 2, err: expect.stringMatching(sentence) })
})

test('a condition may name the namespace, or be quiet', () => {
  expect(conditionOf('quiet')({} as never)).toBe('quiet')
  expect(() => conditionOf('a/b/c/d=E')).toThrow('write kind/name=Condition')
  const asked: unknown[] = []
  conditionOf('shop/deployment/web=Available')({ object: (...args: unknown[]) => void asked.push(args) } as never)
  expect(asked).toEqual([['deployment', 'web', 'shop']])
})

describe('a run', () => {
  test('is the same each time, and replays to the byte from its token', async () => {
    const logs = ['a', 'b', 'c'].map((name) => join(at, `${name}.log`)) as [string, string, string]
    const flags = [web, '--for', '20s', '--seed', '3', '--json', '--log'] as const
    const [first, second] = [await run(...flags, logs[0]), await run(...flags, logs[1])]
    expect(second.out).toBe(first.out)
    const { token, deliveries, virtualMs } = JSON.parse(first.out) as {
      token: string
      deliveries: number
      virtualMs: number
    }
    const again = await ran(replayCommand(), file('token', `${token}\n`), '--json', '--log', logs[2])
    expect(JSON.parse(again.out)).toEqual({ seed: 3, virtualMs, deliveries })
    const [one, two, three] = logs.map((log) => readFileSync(log, 'utf8'))
    expect(one?.length).toBeGreaterThan(100_000)
    expect([two === one, three === one]).toEqual([true, true])
  })

  test('of a scenario replays too, with what no JSON can hold', async () => {
    const scenario = 'docs/examples/scenarios/rollback.ts'
    const played = await ran(runCommand(), scenario, '--json')
    const { token, deliveries } = JSON.parse(played.out) as { token: string; deliveries: number }
    expect(played.code).toBe(0)
    expect(JSON.parse((await ran(replayCommand(), token, '--json')).out)).toMatchObject({ deliveries })
  })

  test('is asked why', async () => {
    const { out, code } = await ran(whyCommand() as never, 'deployment/web', web, '--nodes', '1', '--for', '20s')
    expect(code).toBe(0)
    expect(out).toMatch(/deployment-controller\/cp-1\/default\/web/)
    const actor = await ran(whyCommand() as never, 'kubelet/node-1', web, '--nodes', '1', '--for', '5s', '--json')
    expect((JSON.parse(actor.out) as { to: string }[]).at(-1)?.to).toBe('kubelet/node-1')
  })
})

test.each([
  ['lamp/web', /neither an actor nor kind\/name; write for example pod\/web-1/],
  ['pod/none', /nothing happened to it in this run; is the name right\?/],
])('why %s is told what is wrong with it', async (subject, sentence) => {
  expect(await ran(whyCommand() as never, subject, web, '--nodes', '1', '--for', '1s')).toMatchObject({
    code: 2,
    err: expect.stringMatching(sentence),
  })
})

test.each([
  ['nonsense', /no token: it begins with "orrery1\."/],
  ['orrery1.abc', /the token is not whole/],
  ['{"version":99}', /the recording is of version 99; this orrery reads version 1/],
])('%s is no recording', async (text, sentence) => {
  expect(await ran(replayCommand(), text)).toMatchObject({ code: 2, err: expect.stringMatching(sentence) })
})
