/** A live cluster's scheduler asks an extender over HTTP, as a real one does. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCluster } from '../../machines/cluster/create.ts'
import { replay } from '../../runtime/record.ts'
import { Session } from './kubectl.ts'

const asked: { readonly verb: string; readonly body: Record<string, unknown> }[] = []
let server: Server
let session: Session

/** Lets pods on node-2 alone, and prefers whatever is left. */
async function answerTo(verb: string, request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  asked.push({ verb, body: JSON.parse(text) })
  if (verb === 'filter') return { NodeNames: ['node-2', 'node-3'], FailedNodes: { 'node-1': 'not today' } }
  return [
    { Host: 'node-2', Score: 1 },
    { Host: 'node-3', Score: 10 },
  ]
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void answerTo((request.url ?? '').slice('/scheduler/'.length), request).then((body) =>
      response.end(JSON.stringify(body)),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const schedulerConfiguration = {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    extenders: [
      {
        urlPrefix: `http://127.0.0.1:${port}/scheduler`,
        filterVerb: 'filter',
        prioritizeVerb: 'prioritize',
        weight: 5,
        nodeCacheCapable: true,
      },
      { urlPrefix: 'http://127.0.0.1:1', filterVerb: 'filter', ignorable: true },
    ],
  }
  session = await Session.begin('max', { nodes: 3, schedulerConfiguration })
})
afterAll(() => {
  session.end()
  server.close()
})

test('a pod goes where the extender lets it and likes it best', async () => {
  const { cluster } = session
  const spec = { containers: [{ name: 'c', image: 'nginx' }] }
  cluster.kubectl.start({
    command: 'apply',
    objects: cluster.read({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec } as never),
  })
  session.door.live.heard()
  await expect.poll(() => cluster.pod('web').object?.spec.nodeName, { timeout: 10_000 }).toBe('node-3')
  expect(asked.map(({ verb }) => verb)).toEqual(['filter', 'prioritize'])
  expect(asked[0]?.body).toMatchObject({
    Pod: { metadata: { name: 'web' } },
    NodeNames: ['node-1', 'node-2', 'node-3'],
    Nodes: null,
  })
})

test('what they said is in the recording: it is lived again without them', () => {
  const { cluster } = session
  session.door.live.stop()
  const again = createCluster({ ...cluster.options })
  replay(again.world, cluster.recording)
  expect(again.pod('web')).toEqual(cluster.pod('web'))
})
