/**
 * A real etcd in the place of a member: questions to a role of the world leave it over the kernel's door, are asked of
 * the JSON gateway of a real server, and come back as recorded operations. So a replay needs no etcd.
 */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { EventObject } from 'xstate'
import { answerFrom, bodyOf, watchedFrom } from '../machines/etcd/door/client.ts'
import type { Json } from '../machines/etcd/door/wire.ts'
import type { EtcdAnswered, EtcdFailed, EtcdRequest, EtcdWatched, WatchRequest } from '../machines/protocol/etcd.ts'
import type { Address } from '../runtime/contract.ts'
import type { Item, World } from '../runtime/world.ts'

/** gRPC's code of what can be tried again elsewhere, and what nobody knows the end of. */
const UNAVAILABLE = 14

/** One member of a real etcd, 3.4 or later, by the URL of its clients' port. */
export class EtcdStore {
  private readonly url: URL
  private readonly agent = new Agent({ keepAlive: true })

  constructor(url: string) {
    this.url = new URL(url)
  }

  /** Never throws: a connection that breaks is an answer too, an indefinite one. */
  async ask(asked: EtcdRequest): Promise<EtcdAnswered | EtcdFailed> {
    const [path, body] = bodyOf(withLeaseId(asked))
    try {
      const response = await this.post(path, body)
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      return answerFrom(path, response.statusCode ?? 0, JSON.parse(text) as Json)
    } catch (error) {
      return { type: 'etcd.failed', code: UNAVAILABLE, error: error instanceof Error ? error.message : String(error) }
    }
  }

  /** @returns what ends it; `over` is called when the server ends it, or is gone */
  watch(asked: WatchRequest, told: (watched: EtcdWatched) => void, over: () => void): () => void {
    const [path, body] = bodyOf(asked)
    let response: IncomingMessage | undefined
    let isOver = false
    const end = (): void => {
      if (!isOver) over()
      isOver = true
    }
    const read = (opened: IncomingMessage): void => {
      response = opened
      opened.on('close', end)
      opened.on('error', end)
      if (isOver) return void opened.destroy()
      const lines = createInterface({ input: opened })
      lines.on('line', (line) => {
        if (!isOver && line !== '') told(watchedFrom(JSON.parse(line) as Json))
      })
      lines.on('error', end)
    }
    this.post(path, body).then(read, end)
    return () => {
      isOver = true
      response?.destroy()
    }
  }

  close(): void {
    this.agent.destroy()
  }

  private post(path: string, body: Json): Promise<IncomingMessage> {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    return new Promise((resolve, reject) => {
      const sent = httpRequest(new URL(path, this.url), { method: 'POST', agent: this.agent, headers }, resolve)
      sent.on('error', reject)
      sent.end(text)
    })
  }
}

/** Etcd draws numbers of 63 bits; those that we draw fit into ours. */
function withLeaseId(asked: EtcdRequest): EtcdRequest {
  if (asked.type !== 'etcd.LeaseGrant' || asked.id !== 0) return asked
  return { ...asked, id: 1 + Math.floor(Math.random() * (2 ** 52 - 1)) }
}

/**
 * Lets a real etcd play a role of a world. @param noticed called when an answer has come, so that whoever drives the
 * world lets it go on
 */
export function playEtcd(world: World, role: Address, store: EtcdStore, noticed: () => void): void {
  const watches = new Map<number, () => void>()
  const say = (op: 'answer' | 'push', to: Address, number: number, event: EventObject): void => {
    world.operate({ op, to, number, event, from: role })
    noticed()
  }
  world.bindOutside(role, ({ event, number, from }: Item) => {
    if (event.type === 'stream.closed') {
      const { stream } = event as { readonly type: string; readonly stream: number }
      watches.get(stream)?.()
      watches.delete(stream)
    } else if (event.type === 'etcd.Watch') {
      const ended = { type: 'stream.ended', line: '', reason: 'reset' }
      const told = (watched: EtcdWatched): void => say('push', from, number, watched)
      watches.set(
        number,
        store.watch(event as WatchRequest, told, () => say('answer', from, number, ended)),
      )
    } else if (number > 0) void store.ask(event as EtcdRequest).then((answer) => say('answer', from, number, answer))
  })
}
