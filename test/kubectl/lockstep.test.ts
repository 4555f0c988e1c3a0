/**
 * Lockstep: time goes on only while nobody outside has anything to do. So what an external controller makes of a cluster
 * does not depend on how fast it is, nor on how fast the cluster is.
 */
import { type ClientHttp2Session, connect } from 'node:http2'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readKubeconfig } from '../../cli/serve/kubeconfig.ts'
import { Session } from './kubectl.ts'

interface ConfigMap {
  readonly metadata: {
    readonly name: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly creationTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
  }
}
type Pause = (step: number) => number

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
/** How many generations follow the first. */
const GENERATIONS = 6

/** One request over HTTP/2; `line` is told each line as it comes. */
function ask(
  session: ClientHttp2Session,
  method: string,
  path: string,
  body?: unknown,
  line?: (text: string) => void,
): Promise<string> {
  const stream = session.request({ ':method': method, ':path': path, 'content-type': 'application/json' })
  stream.end(body === undefined ? undefined : JSON.stringify(body))
  return new Promise((done, failed) => {
    let text = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      text += chunk
      if (line === undefined) return
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const each of lines) line(each)
    })
    stream.on('end', () => done(text))
    stream.on('error', failed)
  })
}

/** A controller outside: for every ConfigMap of a generation it makes one of the next. @returns what there is at the end */
async function story(pause: Pause, busy: Pause): Promise<readonly ConfigMap[]> {
  const session = await Session.begin('lockstep', { nodes: 1, epochMs: 1_767_225_600_000 }, 60)
  const { server, authority, client } = readKubeconfig(join(session.folder, 'kubeconfig'))
  const connection = connect(server, { ca: authority, cert: client.certificate, key: client.key })
  const slowness = setInterval(() => holdUp(busy(session.cluster.world.counts.count)), 10)
  let steps = 0
  const finished = new Promise<void>((done) => {
    void ask(connection, 'GET', `${CONFIG_MAPS}?watch=1&labelSelector=generation`, undefined, (line) => {
      const { object } = JSON.parse(line) as { object: ConfigMap }
      const generation = Number(object.metadata.labels?.['generation'])
      if (generation >= GENERATIONS) return done()
      setTimeout(() => void create(generation + 1), pause(++steps))
    }).catch(() => undefined)
  })
  const create = (generation: number): Promise<string> =>
    ask(connection, 'POST', CONFIG_MAPS, {
      metadata: { generateName: 'g-', labels: { generation: String(generation) } },
    })
  await create(0)
  await finished
  const { items } = JSON.parse(await ask(connection, 'GET', `${CONFIG_MAPS}?labelSelector=generation`)) as {
    items: readonly ConfigMap[]
  }
  clearInterval(slowness)
  connection.destroy()
  session.end()
  return items
}

/** Keeps the whole process from doing anything. */
function holdUp(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test('the outcome is the same to the last time stamp, however slow either side is', async () => {
  const swift = await story(
    () => 0,
    () => 0,
  )
  expect(swift).toHaveLength(GENERATIONS + 1)
  const slowController = await story(
    (step) => (step * 37) % 35,
    () => 0,
  )
  const slowCluster = await story(
    (step) => (step * 23) % 25,
    (count) => (count * 7) % 9,
  )
  expect(slowController).toEqual(swift)
  expect(slowCluster).toEqual(swift)
})
