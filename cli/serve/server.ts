/** The HTTPS server: HTTP/2 as kubectl speaks it, HTTP/1.1 for everybody else. What is meant is decided in machines/apiserver/http.ts. */
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { ANONYMOUS, type HttpRequest, type HttpResponse, routed } from '../../machines/apiserver/http.ts'
import type { User } from '../../machines/protocol/api.ts'
import type { Certificates } from './certificates.ts'
import { type Control, controlled } from './control.ts'
import type { Serving } from './serving.ts'

export function httpServer({ authority, server }: Certificates, serving: Serving, control: Control): Http2SecureServer {
  const options = { allowHTTP1: true, requestCert: true, rejectUnauthorized: false }
  const listening = createSecureServer({ ...options, key: server.key, cert: server.certificate, ca: authority })
  listening.on('request', (request, response) => {
    handle(request, response, serving, control).catch((error) => {
      serving.complain(error)
      response.stream?.close?.()
    })
  })
  // A client that breaks off while it shakes hands is no concern of ours.
  listening.on('tlsClientError', () => undefined)
  listening.on('sessionError', () => undefined)
  return listening
}

async function handle(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  serving: Serving,
  control: Control,
): Promise<void> {
  const asked = await received(request)
  const user = userOf(request)
  const own = await controlled(asked, user, control)
  if (own !== undefined) return write(response, own)
  const what = routed(serving.profile, asked, user)
  switch (what.does) {
    case 'answer':
      return write(response, what.response)
    case 'health':
      return serving.health(what, response)
    case 'call':
      return serving.call(what, response)
    case 'watch':
      return serving.watch(what, response)
    case 'log':
      return serving.log(what, response)
  }
}

async function received(request: Http2ServerRequest): Promise<HttpRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) headers[name] = [value].flat().join(', ')
  return { method: request.method, path: request.url, headers, body: Buffer.concat(chunks) }
}

export function write(response: Http2ServerResponse, { code, headers, body }: HttpResponse): void {
  if (response.writableEnded || response.destroyed) return
  response.writeHead(code, { 'cache-control': 'no-cache, private', ...headers })
  response.end(body)
}

/** A client certificate of our authority names the user (CN) and its groups (O); without one it is anonymous. */
function userOf(request: Http2ServerRequest): User {
  const socket = (request.stream?.session?.socket ?? request.socket) as TLSSocket
  if (!socket.authorized) return ANONYMOUS
  const { subject } = socket.getPeerCertificate()
  const groups = subject.O === undefined ? [] : [subject.O].flat()
  return { name: [subject.CN].flat()[0] ?? '', groups: [...groups, 'system:authenticated'] }
}
