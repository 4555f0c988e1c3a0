/** `orrery serve`: a cluster that goes on in real time, behind an HTTPS server for kubectl and any other client. */
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { Cluster } from '../machines/cluster/cluster.ts'
import { createCluster } from '../machines/cluster/create.ts'
import { type Pace, paceOf } from '../runtime/drivers/live.ts'
import { BadInput, complain, EXIT, understood } from './failure.ts'
import { clusterOptions, ofCluster, whole } from './options.ts'
import { certificates } from './serve/certificates.ts'
import { Gateway } from './serve/gateway.ts'
import { writeKubeconfig } from './serve/kubeconfig.ts'
import { Live } from './serve/live.ts'
import { DEFAULT_KUBECONFIG } from './serve/remote.ts'
import { httpServer } from './serve/server.ts'
import { Serving } from './serve/serving.ts'
import { paint, print } from './terminal.ts'

export const serveCommand = () =>
  ofCluster('serve')
    .description('run a cluster for kubectl: loopback, HTTPS, until you stop it')
    .addOption(
      new Option('--speed <speed>', 'real, 10x, max, paused or lockstep').argParser(pace).default('real' as Pace),
    )
    .option('--port <n>', 'where to listen; 0 takes any free port', whole, 6443)
    .option('--kubeconfig <file>', 'where the kubeconfig is written', DEFAULT_KUBECONFIG)
    .option('--apply <paths...>', 'manifests (files, folders) to apply first')
    .action(async (flags) => {
      await serve(flags)
    }) as never

interface Flags {
  readonly nodes?: number
  readonly controlPlanes?: number
  readonly etcd?: number
  readonly seed?: number
  readonly speed: Pace
  readonly port: number
  readonly kubeconfig: string
  readonly apply?: readonly string[]
}

function pace(text: string): Pace {
  try {
    return paceOf(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

async function serve(flags: Flags): Promise<void> {
  const cluster = await booted(flags)
  const live = new Live(cluster.world, flags.speed, () => gateway.asking, broken)
  const gateway = new Gateway(cluster.world, live.heard)
  const serving = new Serving(cluster, gateway, live, complain)
  const made = certificates({ commonName: 'kubernetes-admin', organization: 'system:masters' })
  const server = httpServer(made, serving, { cluster, live })
  const port = await listening(server, flags.port)
  writeKubeconfig(flags.kubeconfig, `https://127.0.0.1:${port}`, made)
  live.heard()
  print(greeting(cluster, port, flags))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(EXIT.fine))
}

/** The cluster's clock is the wall clock, so that ages mean something; in lockstep and with a given seed nothing is left to chance. */
const BOOT_MS = 7_000

async function booted(flags: Flags): Promise<Cluster> {
  const epochMs = flags.speed === 'lockstep' ? {} : { epochMs: Math.floor((Date.now() - BOOT_MS) / 1_000) * 1_000 }
  try {
    const cluster = createCluster(clusterOptions(flags, epochMs))
    if (flags.apply !== undefined) {
      const { loaded } = await import('./load.ts')
      const { manifests } = await loaded(flags.apply, cluster.profile)
      cluster.kubectl.apply(manifests)
    }
    return cluster
  } catch (error) {
    throw understood(error)
  }
}

function listening(server: ReturnType<typeof httpServer>, port: number): Promise<number> {
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

function greeting({ options }: Cluster, port: number, { kubeconfig, speed }: Flags): string {
  const { nodes, controlPlanes } = options
  return [
    `${paint('bold', `https://127.0.0.1:${port}`)}  ${nodes} nodes, ${controlPlanes} control plane${controlPlanes === 1 ? '' : 's'}, speed ${typeof speed === 'string' ? speed : `${speed.times}x`}, ready after ${Math.round(performance.now())} ms`,
    `export KUBECONFIG=${resolve(kubeconfig)}`,
  ].join('\n')
}

function broken(error: unknown): void {
  complain(error)
  process.exit(EXIT.broken)
}
