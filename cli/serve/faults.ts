/** The faults that can be put on a running cluster by name. */
import type { Cluster } from '../../machines/cluster/cluster.ts'
import type { FaultOrder } from './control.ts'

interface Known {
  /** What it wants to be told, for messages. */
  readonly wants: string
  readonly count: readonly [least: number, most: number]
  readonly does: (cluster: Cluster, one: string, other: string) => void
}

export const FAULTS: Readonly<Record<string, Known>> = {
  crash: {
    wants: 'a process, for example kubelet/node-1',
    count: [1, 1],
    does: ({ faults }, process) => faults.crash(process),
  },
  restart: {
    wants: 'a process, for example kube-apiserver/cp-1',
    count: [1, 1],
    does: (cluster, process) => {
      cluster.faults.stop(process)
      cluster.runUntil(({ world }) => world.snapshot(process) === undefined, { within: '1s' })
      cluster.faults.start(process)
    },
  },
  stop: { wants: 'a process', count: [1, 1], does: ({ faults }, process) => faults.stop(process) },
  start: {
    wants: 'a process that was stopped',
    count: [1, 1],
    does: ({ faults, world }, process) => {
      if (world.snapshot(process) !== undefined) throw new Error(`${process} runs already`)
      faults.start(process)
    },
  },
  cut: {
    wants: 'a host, and another one (or nothing: from all others)',
    count: [1, 2],
    does: ({ faults }, one, other) => faults.cut(one, other),
  },
  heal: {
    wants: 'a host, and another one (or nothing: to all others)',
    count: [1, 2],
    does: ({ faults }, one, other) => faults.heal(one, other),
  },
  'slow-disk': {
    wants: 'a host, and how long its disk takes from now on: slow-disk cp-1 300ms',
    count: [2, 2],
    does: ({ faults }, host, syncTakes) => faults.slowDisk(host, syncTakes),
  },
  'mend-disk': { wants: 'a host', count: [1, 1], does: ({ faults }, host) => faults.mendDisk(host) },
  power: {
    wants: 'off or on, and a host: power off node-1',
    count: [2, 2],
    does: ({ faults }, state, host) => {
      if (state !== 'off' && state !== 'on') throw new Error(`power is off or on, not "${state}": power off node-1`)
      if (state === 'off') faults.powerOff(host)
      else faults.powerOn(host)
    },
  },
}

/** @throws when it makes no sense, with what would */
export function faultDone(cluster: Cluster, { fault, on }: FaultOrder): void {
  const known = FAULTS[fault]
  if (known === undefined) throw new Error(`there is no fault "${fault}"; there are ${Object.keys(FAULTS).join(', ')}`)
  const [least, most] = known.count
  if (on.length < least || on.length > most) throw new Error(`${fault} wants ${known.wants}`)
  const process = fault === 'crash' || fault === 'stop' || fault === 'restart' ? on[0] : undefined
  if (process !== undefined && cluster.world.snapshot(process) === undefined) throw new Error(unknown(cluster, process))
  known.does(cluster, on[0] as string, on[1] ?? '*')
}

function unknown({ world }: Cluster, process: string): string {
  const role = process.slice(0, process.indexOf('/'))
  const same = world.addresses.filter((address) => address.startsWith(`${role}/`) && address.split('/').length === 2)
  const instead = same.length === 0 ? 'write for example kubelet/node-1' : `there are ${same.slice(0, 8).join(', ')}`
  return `nobody runs as ${process}; ${instead}`
}
