/** The real kubectl, run against a live cluster with a home and a kubeconfig of its own. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EtcdGateway } from '../../cli/serve/etcd.ts'
import { type Door, opened } from '../../cli/serve/open.ts'
import { begunOn } from '../../cli/serve/outside.ts'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { createCluster } from '../../machines/cluster/create.ts'
import type { ClusterOptions } from '../../machines/cluster/options.ts'
import { paceOf } from '../../runtime/drivers/live.ts'
import { startEtcd } from '../kit/real-etcd.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Begun {
  readonly cluster: Cluster
  readonly store?: EtcdGateway
  readonly stop?: () => void
}
/** `ORRERY_ETCD=real` has the same stories told of clusters that are kept in a real etcd. */
async function begun(options: Partial<ClusterOptions>): Promise<Begun> {
  if (process.env['ORRERY_ETCD'] !== 'real') return { cluster: createCluster(options) }
  const { url, stop } = await startEtcd()
  return { ...(await begunOn([url], options)), stop }
}

export class Session {
  readonly cluster: Cluster
  readonly door: Door
  readonly folder: string
  private readonly env: NodeJS.ProcessEnv
  private readonly stop: (() => void) | undefined

  private constructor(cluster: Cluster, door: Door, folder: string, stop?: () => void) {
    this.stop = stop
    this.cluster = cluster
    this.door = door
    this.folder = folder
    this.env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: join(folder, 'kubeconfig'), TZ: 'UTC' }
  }

  static async begin(speed: string, options: Partial<ClusterOptions> = {}, quietMs?: number): Promise<Session> {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-'))
    const { cluster, store, stop } = await begun({
      epochMs: Math.floor(Date.now() / 1_000) * 1_000 - 7_000,
      ...options,
    })
    const fail = (error: unknown): void => {
      throw error
    }
    const kubeconfig = join(folder, 'kubeconfig')
    const quiet = quietMs === undefined ? {} : { quietMs }
    const told = { port: 0, kubeconfig, broken: fail, complain: fail, ...quiet, ...(store && { store }) }
    const door = await opened(cluster, { speed: paceOf(speed), ...told })
    return new Session(cluster, door, folder, stop)
  }

  end(): void {
    this.door.close()
    this.stop?.()
    rmSync(this.folder, { recursive: true, force: true })
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  /** Runs a command to its end, whatever it is. @param forMs how long it may take: then it is interrupted */
  run(command: string | readonly string[], forMs = 60_000): Promise<Ran> {
    const words = typeof command === 'string' ? command.split(' ') : command
    const options = { env: this.env, timeout: forMs, killSignal: 'SIGINT' as const, maxBuffer: 2 ** 26 }
    return new Promise((done) => {
      execFile('kubectl', words, options, (error, out, err) => {
        done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err })
      })
    })
  }

  /** What a command prints. @throws when it fails, with what it said */
  async print(command: string | readonly string[], forMs?: number): Promise<string> {
    const { code, out, err } = await this.run(command, forMs)
    if (code !== 0) throw new Error(`kubectl ${[command].flat().join(' ')} ended with ${code}: ${err}${out}`)
    return out
  }
}

/** Whether a kubectl v1.32 can be run here. */
export function hasKubectl(): boolean {
  try {
    return /v1\.32\./.test(execFileSync('kubectl', ['version', '--client'], { stdio: 'pipe' }).toString())
  } catch {
    return false
  }
}
