/** Answers over HTTP what the cluster says: one question, one watch, one log at a time. */
import type { Http2ServerResponse } from 'node:http2'
import type { EventObject } from 'xstate'
import { unwell } from '../../machines/apiserver/http/health.ts'
import {
  framesOf,
  logResponse,
  logText,
  type Passed,
  type PodLogOptions,
  type Routed,
  responseOf,
  statusResponse,
  stillWrites,
} from '../../machines/apiserver/http.ts'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { apiserversOf } from '../../machines/cluster/layout.ts'
import type { Profile } from '../../machines/lib/schema.ts'
import type { ApiAnswered, ApiHealthAnswered, WatchEvents, WatchFailed } from '../../machines/protocol/api.ts'
import type { Gateway } from './gateway.ts'
import type { Live } from './live.ts'
import { write } from './server.ts'

/** A server that has not refused a watch by then has opened it. In virtual time: a round trip, and some. */
const OPENED_AFTER_MS = 10
/**
 * An API server answers within its request time-out of 60 s. What takes longer went to a server that is gone: a client
 * finds out by its connection's health check, as everybody in the cluster does.
 */
const ANSWERED_WITHIN_MS = 65_000
const PROBED_WITHIN_MS = 2_000
/** How often a log that is followed is looked at, in virtual time. */
const FOLLOWED_EVERY_MS = 100

export class Serving {
  readonly profile: Profile
  readonly complain: (error: unknown) => void
  private readonly cluster: Cluster
  private readonly gateway: Gateway
  private readonly live: Live

  constructor(cluster: Cluster, gateway: Gateway, live: Live, complain: (error: unknown) => void) {
    this.profile = cluster.profile
    this.cluster = cluster
    this.gateway = gateway
    this.live = live
    this.complain = complain
  }

  /** One question and its answer. */
  call(passed: Passed, response: Http2ServerResponse): void {
    this.ask(passed.request, response, (answered) => write(response, responseOf(passed, answered, this.now)))
  }

  /** A question to the API; without an answer, or without the client, it is given up. */
  private ask(question: EventObject, response: Http2ServerResponse, told: (answered: ApiAnswered) => void): void {
    const giveUp = (): void => {
      takeBack()
      this.gateway.hangUp(number)
    }
    const number = this.gateway.call(question, (event) => {
      takeBack()
      response.off('close', giveUp)
      if (event.type === 'api.answered') told(event as ApiAnswered)
      else breakOff(response)
    })
    const takeBack = this.live.in(ANSWERED_WITHIN_MS, () => breakOff(response))
    response.once('close', giveUp)
  }

  /** Every API server is asked in turn until one is well. */
  health(asked: Extract<Routed, { does: 'health' }>, response: Http2ServerResponse): void {
    const ask = ([server, ...others]: readonly string[]): void => {
      if (server === undefined) return write(response, unwell())
      const question = { type: 'api.health', path: asked.path }
      const told = (event: EventObject): void => {
        takeBack()
        if ((event as ApiHealthAnswered).ok) write(response, asked.well)
        else ask(others)
      }
      const number = this.gateway.call(question, told, server)
      const takeBack = this.live.in(PROBED_WITHIN_MS, () => {
        this.gateway.hangUp(number)
        ask(others)
      })
    }
    ask(apiserversOf(this.cluster.options))
  }

  /** A watch: one line an event, until either side has enough. */
  watch({ request, facts, form }: Passed, response: Http2ServerResponse): void {
    let begun = false
    const begin = (): void => {
      if (response.headersSent || response.destroyed) return
      response.writeHead(200, { 'content-type': form.media, 'cache-control': 'no-cache, private' })
      // Without a body, headers would wait for the first event.
      if ('flushHeaders' in response) (response as unknown as { flushHeaders(): void }).flushHeaders()
      this.live.heard()
    }
    const number = this.gateway.stream(request, (event) => {
      if (!isWatchEvent(event)) return ended(event, response, begin)
      if (event.type === 'watch.failed' && !begun && event.status.code !== 410)
        return write(response, statusResponse(event.status, form))
      begin()
      response.write(framesOf(facts, form, event, this.now, begun))
      begun = true
    })
    this.live.in(OPENED_AFTER_MS, () => {
      this.gateway.settled(number)
      begin()
    })
    response.on('close', () => this.gateway.hangUp(number))
  }

  /** A log is asked for once, or again and again while its container writes and the client follows. */
  log(passed: Passed, response: Http2ServerResponse): void {
    const options = passed.request.body as PodLogOptions
    let seen = 0
    const ask = (): void => this.ask(passed.request, response, tell)
    const tell = (answered: ApiAnswered): void => {
      const { code, log = [], status } = answered
      const text = logText(log, options, this.now, seen)
      const refused = status !== undefined && !response.headersSent
      if (refused) return write(response, responseOf(passed, answered, this.now))
      if (options.follow !== true) return write(response, logResponse(code, text))
      seen = log.length
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain' })
      if (text !== '') response.write(text)
      if (status !== undefined || !stillWrites(answered, passed.request)) response.end()
      else this.live.in(FOLLOWED_EVERY_MS, () => (response.destroyed ? undefined : ask()))
    }
    ask()
  }

  /** The clock of the API servers' machines. */
  private get now(): number {
    return this.cluster.world.clock('cp-1')
  }
}

const isWatchEvent = (event: EventObject): event is WatchEvents | WatchFailed =>
  event.type === 'watch.events' || event.type === 'watch.failed'

/** Ended by the server, or broken off with its connection. */
function ended(event: EventObject, response: Http2ServerResponse, begin: () => void): void {
  if ((event as EventObject & { readonly reason?: string }).reason !== 'ended') return breakOff(response)
  if (response.writableEnded) return
  begin()
  response.end()
}

/** As a server that is gone: the connection closes without an answer. */
function breakOff(response: Http2ServerResponse): void {
  if (response.stream !== undefined && 'close' in response.stream) response.stream.close(2)
  else response.destroy()
}
