/** HTTP against one API server without a socket: what came in is mapped, asked, and mapped back. */
import {
  type HttpRequest,
  type HttpResponse,
  logResponse,
  logText,
  responseOf,
  routed,
} from '../../../../../machines/apiserver/http.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'
import type { User } from '../../../../../machines/protocol/api.ts'
import { Harness } from '../harness.ts'

const ADMIN: User = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

export interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export class Conversation {
  readonly server = new Harness()

  send({ method = 'GET', path, headers = {}, body }: Sent, user = ADMIN): HttpResponse {
    const what = routed(profile, asHttp(method, path, headers, body), user)
    switch (what.does) {
      case 'answer':
        return what.response
      case 'health':
        return what.well
      case 'watch':
        throw new Error('a watch is no single answer')
      case 'log': {
        const answered = this.server.ask(what.request)
        if (answered.log === undefined) return responseOf(what, answered, this.server.at)
        return logResponse(answered.code, logText(answered.log, {}, this.server.at))
      }
      case 'call':
        return responseOf(what, this.server.ask(what.request), this.server.at)
    }
  }
}

function asHttp(method: string, path: string, headers: Readonly<Record<string, string>>, body: unknown): HttpRequest {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const json = { 'content-type': 'application/json' }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    method,
    path,
    headers: { accept: 'application/json', ...(typeof body === 'object' ? json : {}), ...lower },
    ...(body === undefined || body === null ? {} : { body: new TextEncoder().encode(text) }),
  }
}
