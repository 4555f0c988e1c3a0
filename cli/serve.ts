/** `orrery serve`: a cluster that goes on in real time, behind an HTTPS server for kubectl and any other client. */
import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { Cluster } from '../machines/cluster/cluster.ts'
import { createCluster } from '../machines/cluster/create.ts'
import type { ClusterOptions } from '../machines/cluster/options.ts'
import { type Pace, paceOf } from '../runtime/drivers/live.ts'
import { complain, EXIT, understood } from './failure.ts'
import { filesAt, manifestsAt } from './manifests.ts'
import { clusterOptions, duration, ofCluster, whole } from './options.ts'
import { applyFiles } from './refusal.ts'
import { opened } from './serve/open.ts'
import { applied, begunOn, type OnEtcd } from './serve/outside.ts'
import { DEFAULT_KUBECONFIG } from './serve/remote.ts'
import { paint, print } from './terminal.ts'

export const serveCommand = () =>
  ofCluster('serve')
    .description('run a cluster for kubectl: loopback, HTTPS, until you stop it')
    .addOption(
      new Option('--speed <speed>', 'real, 10x, max, paused or lockstep').argParser(pace).default('real' as Pace),
    )
    .option('--quiet <duration>', 'in lockstep: how long clients must be silent before time goes on', duration, 100)
    .option('--port <n>', 'where to listen; 0 takes any free port', whole, 6443)
    .option('--kubeconfig <file>', 'where the kubeconfig is written', DEFAULT_KUBECONFIG)
    .addOption(
      new Option(
        '--etcd-servers <urls>',
        'keep the cluster in a real etcd: the URLs of its members, with commas between',
      )
        .argParser(etcdServers)
        .conflicts(['etcd', 'from']),
    )
    .option('--apply <paths...>', 'manifests (files, folders) to apply first')
    .action(serve) as never

interface Flags {
  readonly nodes?: number
  readonly fakeNodes?: number
  readonly controlPlanes?: number
  readonly etcd?: number
  readonly seed?: number
  readonly speed: Pace
  readonly quiet: number
  readonly port: number
  readonly kubeconfig: string
  readonly etcdServers?: readonly string[]
  readonly apply?: string[]
}

function pace(text: string): Pace {
  try {
    return paceOf(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

function etcdServers(text: string): readonly string[] {
  const urls = text.split(',').map((url) => url.trim())
  const example = 'Write for example http://127.0.0.1:2379.'
  for (const url of urls) {
    if (url.startsWith('https:')) throw new InvalidArgumentError(`${url}: orrery speaks no TLS with etcd. ${example}`)
    if (!URL.canParse(url) || !url.startsWith('http://') || new URL(url).pathname !== '/')
      throw new InvalidArgumentError(`"${url}" is no URL of an etcd member. ${example}`)
  }
  return urls
}

async function serve(flags: Flags): Promise<void> {
  const begun = flags.etcdServers === undefined ? { cluster: booted(flags) } : await onEtcd(flags, flags.etcdServers)
  const { cluster } = begun
  const { port } = await opened(cluster, { ...flags, ...begun, quietMs: flags.quiet, broken, complain })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(EXIT.fine))
  print(greeting(cluster, port, flags))
}

/** From power-on until the nodes are ready, about. */
const BOOT_MS = 7_000

/** The cluster's clock is the wall clock, so that ages mean something; in lockstep nothing depends on when it is. */
const optionsFor = (flags: Flags): Partial<ClusterOptions> =>
  clusterOptions(
    flags,
    flags.speed === 'lockstep' ? {} : { epochMs: Math.floor((Date.now() - BOOT_MS) / 1_000) * 1_000 },
  )

async function onEtcd(flags: Flags, urls: readonly string[]): Promise<OnEtcd> {
  let begun: OnEtcd | undefined
  try {
    begun = await begunOn(urls, optionsFor(flags))
    if (flags.apply !== undefined)
      await applied(begun, manifestsAt(flags.apply, begun.cluster.profile), flags.apply.flatMap(filesAt))
    return begun
  } catch (error) {
    // What still listens to etcd would keep the process.
    begun?.store.close()
    throw understood(error)
  }
}

function booted(flags: Flags): Cluster {
  try {
    const cluster = createCluster(optionsFor(flags))
    if (flags.apply !== undefined)
      applyFiles(cluster, manifestsAt(flags.apply, cluster.profile), flags.apply.flatMap(filesAt))
    return cluster
  } catch (error) {
    throw understood(error)
  }
}

function greeting({ options }: Cluster, port: number, { kubeconfig, speed }: Flags): string {
  const { nodes, controlPlanes } = options
  const parts = [
    `${nodes} node${nodes === 1 ? '' : 's'}`,
    `${controlPlanes} control plane${controlPlanes === 1 ? '' : 's'}`,
    `speed ${typeof speed === 'string' ? speed : `${speed.times}x`}`,
    `ready after ${Math.round(performance.now())} ms`,
  ]
  return [
    `${paint('bold', `https://127.0.0.1:${port}`)}  ${parts.join(', ')}`,
    `export KUBECONFIG=${resolve(kubeconfig)}`,
  ].join('\n')
}

function broken(error: unknown): void {
  complain(error)
  process.exit(EXIT.broken)
}
