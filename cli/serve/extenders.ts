/**
 * The extenders of a live cluster's scheduler: what it asks them goes out as HTTP, and what they say comes back in as a
 * recorded operation on the world. Meanwhile virtual time stands still: however long they take, it took no time.
 */

import type { Cluster } from '../../machines/cluster/cluster.ts'
import { scheduling } from '../../machines/cluster/scheduler-options.ts'
import { type ExtenderAnswered, type ExtenderAsked, extenderAt } from '../../machines/protocol/extender.ts'
import type { Extender } from '../../machines/scheduler/extender.ts'
import type { World } from '../../runtime/world.ts'

type Item = Parameters<Parameters<World['bindOutside']>[1]>[0]

export class ExtenderGateway {
  private readonly world: World
  private readonly heard: () => void
  private open = 0

  /** @param heard called when somebody has answered */
  constructor({ world, options }: Cluster, heard: () => void) {
    this.world = world
    this.heard = heard
    for (const extender of scheduling(options).extenders)
      world.bindOutside(extenderAt(extender.urlPrefix), (item) => void this.ask(item, extender))
  }

  /** How many extenders are thinking. */
  get asking(): number {
    return this.open
  }

  private async ask({ event, number, from, to }: Item, { httpTimeoutMs }: Extender): Promise<void> {
    // What comes back to a role that asks nothing is of no interest.
    if (event.type !== 'extender.asked') return
    this.open++
    const answered = await posted(event as ExtenderAsked, httpTimeoutMs)
    this.open--
    this.world.operate({ op: 'answer', to: from, number, event: answered, from: to })
    this.heard()
  }
}

async function posted({ url, body }: ExtenderAsked, timeoutMs: number): Promise<ExtenderAnswered> {
  try {
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
    const text = await response.text()
    return { type: 'extender.answered', code: response.status, body: text === '' ? null : JSON.parse(text) }
  } catch (error) {
    return { type: 'extender.answered', code: 0, body: null, error: reasonOf(error as Error) }
  }
}

/** Go's words for the two that are usual. */
function reasonOf({ name, cause, message }: Error): string {
  if (name === 'TimeoutError') return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
  const { code, address, port } = (cause ?? {}) as { code?: string; address?: string; port?: number }
  return code === 'ECONNREFUSED' ? `dial tcp ${address}:${port}: connect: connection refused` : message
}
