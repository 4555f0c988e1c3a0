/** A real etcd of one member, where its binary is installed: for tests that hold the model against it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EtcdStore } from '../../cli/etcd-store.ts'

/** Which version is installed; undefined when none is. */
export function etcdVersion(): string | undefined {
  const { stdout, status } = spawnSync('etcd', ['--version'], { encoding: 'utf8' })
  return status === 0 ? /etcd Version: (\S+)/.exec(stdout)?.[1] : undefined
}

export interface RealEtcd {
  readonly store: EtcdStore
  readonly url: string
  /** As a machine that hangs, and one that goes on. */
  freeze(): void
  thaw(): void
  /** Dies at once. */
  kill(): Promise<void>
  /** Goes on with what it has on disk. @throws when it does not answer within half a minute */
  restart(): Promise<void>
  stop(): void
}

/** @throws when it does not answer within half a minute */
export async function startEtcd(): Promise<RealEtcd> {
  // In memory where that is possible: nobody here asks what a loss of power leaves.
  const data = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'orrery-etcd-'))
  const [clients, peers] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`]
  const flags = [
    ...['--data-dir', data, '--log-level', 'fatal', '--logger', 'zap'],
    ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
    ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers, '--initial-cluster', `default=${peers}`],
  ]
  const begun = (): ChildProcess => spawn('etcd', flags, { stdio: 'ignore' })
  let child = begun()
  const store = new EtcdStore(clients)
  const stop = (): void => {
    store.close()
    child.kill('SIGKILL')
    rmSync(data, { recursive: true, force: true })
  }
  const real: RealEtcd = {
    store,
    url: clients,
    stop,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () =>
      new Promise((gone) => {
        child.once('exit', () => gone())
        child.kill('SIGKILL')
      }),
    restart: async () => {
      child = begun()
      await answering(store)
    },
  }
  return answering(store).then(
    () => real,
    (error) => {
      stop()
      throw error
    },
  )
}

async function answering(store: EtcdStore): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if ((await store.ask({ type: 'etcd.Range', key: 'a' })).type === 'etcd.answered') return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('etcd was started and does not answer')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number }
      server.close(() => resolve(port))
    })
  })
}
