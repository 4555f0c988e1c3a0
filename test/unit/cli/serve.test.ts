/** What is wrong with the flags of `serve`, and with the etcd that they name, is told in a sentence. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { BadInput } from '../../../cli/failure.ts'
import { begunOn } from '../../../cli/serve/outside.ts'
import { serveCommand } from '../../../cli/serve.ts'

test.each([
  ['localhost:2379', '"localhost:2379" is no URL of an etcd member. Write for example http://127.0.0.1:2379.'],
  ['http://a:2379,', '"" is no URL of an etcd member. Write for example http://127.0.0.1:2379.'],
  ['http://a:2379/v3', '"http://a:2379/v3" is no URL of an etcd member. Write for example http://127.0.0.1:2379.'],
  ['https://a:2379', 'https://a:2379: orrery speaks no TLS with etcd. Write for example http://127.0.0.1:2379.'],
])('--etcd-servers %s', (text, says) => {
  expect(() => parsed('--etcd-servers', text)).toThrow(says)
})
test('a cluster has etcd members of its own, or those of a real etcd', () => {
  expect(() => parsed('--etcd', '3', '--etcd-servers', 'http://127.0.0.1:1')).toThrow(
    "option '--etcd-servers <urls>' cannot be used with option '--etcd <n>'",
  )
})

function parsed(...flags: readonly string[]): void {
  const command = serveCommand() as unknown as {
    exitOverride(): { configureOutput(how: object): { parse(args: readonly string[], from: object): void } }
  }
  command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parse(flags, { from: 'user' })
}

test('where no etcd answers, that is said', async () => {
  const refused = begunOn(['http://127.0.0.1:1'], {})
  await expect(refused).rejects.toBeInstanceOf(BadInput)
  await expect(begunOn(['http://127.0.0.1:1'], {})).rejects.toThrow(
    /^no etcd \(3\.4 or later\) answers; .*--etcd-servers\nhttp:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/,
  )
})

/** Somebody who answers everything with the same. */
async function pretended(body: unknown, doing: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => response.end(JSON.stringify(body)))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  try {
    await doing(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
const holding = (value: Buffer) => ({
  header: { revision: '7' },
  kvs: [{ key: Buffer.from('/registry/pods/default/web').toString('base64'), value: value.toString('base64') }],
})

test.each([
  ['text', Buffer.from('k8s\0Pod')],
  ['no text', Buffer.from([0x6b, 0x38, 0x73, 0, 0xff, 0xfe])],
])('an etcd that holds the protobuf of a real cluster, in bytes that are %s, is left alone', async (_, value) => {
  await pretended(holding(value), async (url) => {
    await expect(begunOn([url], {})).rejects.toThrow(
      new BadInput(
        `${url} holds objects that are no JSON: those of a real cluster, as protobuf. Use another etcd, or an empty one`,
      ),
    )
  })
})

test('what answers and is no etcd is none', async () => {
  await pretended({ hello: 'world' }, async (url) => {
    await expect(begunOn([url], {})).rejects.toThrow(`${url}: what answers there is no etcd`)
  })
})
