/** Opens the door of a cluster: its gateway, its live clock and its HTTPS server together. */
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { type Pace, QUIET_MS } from '../../runtime/drivers/live.ts'
import { BadInput } from '../failure.ts'
import { certificates } from './certificates.ts'
import type { EtcdGateway } from './etcd.ts'
import { ExtenderGateway } from './extenders.ts'
import { Gateway } from './gateway.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { Live } from './live.ts'
import { httpServer } from './server.ts'
import { Serving } from './serving.ts'

export interface Door {
  readonly port: number
  readonly live: Live
  readonly close: () => void
}
export interface DoorOptions {
  readonly speed: Pace
  /** In lockstep: how long, in real ms, the outside must be silent before time goes on. */
  readonly quietMs?: number
  /** 0: any that is free. */
  readonly port: number
  readonly kubeconfig: string
  /** The real etcd that the cluster is kept in, if it is. */
  readonly store?: EtcdGateway
  /** Told when the world breaks: nothing goes on then. */
  readonly broken: (error: unknown) => void
  readonly complain: (error: unknown) => void
}

/** Who the client certificate makes of kubectl. */
const ADMINISTRATOR = { commonName: 'kubernetes-admin', organization: 'system:masters' }

/** @throws {BadInput} when the port is taken or none, or the kubeconfig cannot be written */
export async function opened(cluster: Cluster, options: DoorOptions): Promise<Door> {
  const { speed: pace, quietMs = QUIET_MS, broken: failed } = options
  const { store } = options
  const outside = () => extenders.asking + (store?.asking ?? 0)
  const live: Live = new Live(cluster.world, {
    pace,
    quietMs,
    asking: (sinceMs) => gateway.asking(sinceMs),
    failed,
    outside,
  })
  const gateway: Gateway = new Gateway(cluster.world, live.heard)
  const extenders = new ExtenderGateway(cluster, live.heard)
  if (store !== undefined) store.heard = live.again
  const made = certificates(ADMINISTRATOR)
  const server = httpServer(made, new Serving(cluster, gateway, live, options.complain), { cluster, live, store })
  // Who opens a connection is about to ask something.
  for (const step of ['connection', 'secureConnection'] as const) server.on(step, live.heard)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  const port = await listening(server, options.port)
  const close = (): void => {
    live.stop()
    store?.close()
    server.close()
    for (const session of sessions) session.destroy()
  }
  try {
    writeKubeconfig(options.kubeconfig, `https://127.0.0.1:${port}`, made)
  } catch (error) {
    close()
    throw new BadInput(`${options.kubeconfig}: cannot be written (${(error as Error).message}); choose another file`)
  }
  live.begin()
  return { port, live, close }
}

function listening(server: Http2SecureServer, port: number): Promise<number> {
  if (port > 65_535) throw new BadInput(`there is no port ${port}; the highest is 65535`)
  return new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'EADDRINUSE'
          ? new BadInput(`port ${port} is taken; choose another with --port, or any free one with --port 0`)
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port))
  })
}
