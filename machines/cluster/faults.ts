/** What can go wrong in a cluster, by the names of its parts. Every fault is recorded, so a run with faults replays. */
import { type Address, hostOf } from '../../runtime/contract.ts'
import type { World } from '../../runtime/world.ts'
import { toMs } from './time.ts'

/** Faults that can be asked for; addresses are those of processes (`kubelet/node-2`), hosts are named (`node-2`). */
export class Faults {
  private readonly world: World

  constructor(world: World) {
    this.world = world
  }

  /** The process dies at once; its host's init system starts it again. */
  crash(process: Address): void {
    this.world.operate({ op: 'crash', process })
  }
  /** The process dies and is kept down until `start`. */
  stop(process: Address): void {
    this.world.send(this.unit(process), { type: 'unit.stop' })
  }
  start(process: Address): void {
    this.world.send(this.unit(process), { type: 'unit.start' })
  }
  /** SIGSTOP and SIGCONT: a frozen process neither runs nor notices. */
  pause(process: Address): void {
    this.world.operate({ op: 'pause', process })
  }
  resume(process: Address): void {
    this.world.operate({ op: 'resume', process })
  }
  /** All watches of a role (`reflector/cp-1/kube-scheduler/pods`, `kube-apiserver/cp-2`) tell it nothing for a while. */
  holdWatches(of: Address): void {
    this.world.operate({ op: 'hold', to: of })
  }
  /** What they would have told meanwhile comes now, in order. */
  releaseWatches(of: Address): void {
    this.world.operate({ op: 'release', to: of })
  }
  powerOff(host: string): void {
    this.world.operate({ op: 'powerOff', host })
  }
  powerOn(host: string): void {
    this.world.operate({ op: 'powerOn', host })
  }
  /** Nothing passes between two hosts, or from the first to the second only. `*` for the other: all others. */
  cut(from: string, to: string, { oneWay = false }: { oneWay?: boolean } = {}): void {
    for (const other of this.others(from, to)) this.world.operate({ op: 'cut', from, to: other, oneWay })
  }
  heal(from: string, to: string): void {
    for (const other of this.others(from, to)) this.world.operate({ op: 'heal', from, to: other })
  }
  /** Breaks the connections between two hosts once. */
  reset(from: string, to: string): void {
    this.world.operate({ op: 'reset', from, to })
  }
  /** So much more latency from one host to the other; 0 takes it away. */
  delay(from: string, to: string, by: number | string): void {
    this.world.operate({ op: 'delay', from, to, ms: toMs(by) })
  }
  skew(host: string, by: number | string): void {
    this.world.operate({ op: 'skew', host, ms: toMs(by) })
  }
  /** Whatever is synced on this host from now on takes so long. */
  slowDisk(host: string, syncTakes: number | string): void {
    this.world.operate({ op: 'slowDisk', host, ms: toMs(syncTakes) })
  }
  /** Its disk is as fast again as all were at the beginning. */
  mendDisk(host: string): void {
    this.world.operate({ op: 'slowDisk', host, ms: this.world.inside.options.diskMs })
  }
  /** No room on the disk: whoever syncs next crashes. */
  fillDisk(host: string): void {
    this.world.operate({ op: 'fillDisk', host })
  }
  freeDisk(host: string): void {
    this.world.operate({ op: 'freeDisk', host })
  }
  /** What the process wrote is gone; it notices when it starts the next time. */
  loseDisk(process: Address): void {
    this.world.operate({ op: 'loseDisk', process })
  }

  private others(from: string, to: string): readonly string[] {
    return to === '*' ? this.world.hosts.filter((host) => host !== from) : [to]
  }

  private unit(process: Address): Address {
    return `unit/${hostOf(process)}/${process.slice(0, process.indexOf('/'))}`
  }
}
