/** A real etcd, asked over its JSON gateway with the words of the protocol. See docs/decisions/0009. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { answerFrom, bodyOf, watchedFrom } from '../machines/etcd/door/client.ts'
import type { Json } from '../machines/etcd/door/wire.ts'
import type { EtcdAnswered, EtcdFailed, EtcdRequest, EtcdWatched, WatchRequest } from '../machines/protocol/etcd.ts'

/** gRPC's code of what can be tried again elsewhere, and what nobody knows the end of. */
const UNAVAILABLE = 14
/** A client of the API waits no longer for anything. */
const ANSWERED_WITHIN_MS = 60_000

/** One member of a real etcd, 3.4 or later, by the URL of its clients' port. */
export class EtcdStore {
  readonly url: URL
  private readonly agent = new Agent({ keepAlive: true })

  constructor(url: string) {
    this.url = new URL(url)
  }

  /** Never throws: a connection that breaks is an answer too, an indefinite one. */
  async ask(asked: EtcdRequest): Promise<EtcdAnswered | EtcdFailed> {
    try {
      return await this.exchange(asked)
    } catch (error) {
      return { type: 'etcd.failed', code: UNAVAILABLE, error: error instanceof Error ? error.message : String(error) }
    }
  }

  /** @throws when the connection does not come about or breaks, or when it is no etcd that answers */
  async exchange(asked: EtcdRequest): Promise<EtcdAnswered | EtcdFailed> {
    const [path, body] = bodyOf(withLeaseId(asked))
    const response = await this.post(path, body, AbortSignal.timeout(ANSWERED_WITHIN_MS))
    let text = ''
    for await (const part of response.setEncoding('utf8')) text += part
    return answerFrom(path, response.statusCode ?? 0, JSON.parse(text) as Json)
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

  private post(path: string, body: Json, signal?: AbortSignal): Promise<IncomingMessage> {
    const text = path.startsWith('/health') ? '' : JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const how = { method: text === '' ? 'GET' : 'POST', agent: this.agent, headers }
    return new Promise((resolve, reject) => {
      const sent = httpRequest(new URL(path, this.url), { ...how, ...(signal && { signal }) }, resolve)
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
