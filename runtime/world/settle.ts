/** Carrying out what a machine asked for: the only place where effects become changes of the world. */
import type { EventObject } from 'xstate'
import type { Address, Effect, Spawn, Write } from '../contract.ts'
import { hostOf } from '../contract.ts'
import { afterPowerLoss, DiskFull, EMPTY_DISK, written } from '../disk.ts'
import { micros } from '../network.ts'
import { type Birth, end, isFree } from './life.ts'
import { brokenOff, ended, hungUp, openLine, pushed } from './lines.ts'
import { cancelTimer, post, setTimer, timed } from './mail.ts'
import type { Actor, Tables } from './tables.ts'

/** Told of a birth that was asked for: the world runs it, and what it asks for, before it goes on. */
export type Bear = (birth: Birth) => void

/** @throws when what is asked for makes no sense, in a sentence. */
export function carryOut(tables: Tables, from: Address, actor: Actor, effect: Effect, bear: Bear): void {
  const { process } = actor.life
  switch (effect.do) {
    case 'send':
      post(tables, process, { kind: 'mail', from, to: effect.to, event: effect.event })
      return
    case 'call':
    case 'stream':
      return openLine(tables, from, actor, effect)
    case 'answer':
      post(tables, process, { kind: 'answer', from, to: effect.to, event: effect.event, number: effect.call })
      return
    case 'hangUp':
      return hungUp(tables, from, actor, effect)
    case 'push':
      return pushed(tables, from, actor, effect.stream, effect.event)
    case 'end':
      return ended(tables, from, actor, effect.stream, 'ended')
    case 'reset':
      return brokenOff(tables, from, actor, effect.to, effect.call)
    case 'spawn':
      return spawned(tables, from, actor, effect, bear)
    case 'stop':
      return end(tables, effect.address, 'ended')
    case 'monitor':
      return monitored(tables, from, actor, effect.address)
    case 'wake':
      return setTimer(tables, from, actor, effect)
    case 'cancel':
      return cancelTimer(tables, actor, effect.key)
    case 'write':
      return onDisk(tables, process, effect)
    case 'sync':
      return synced(tables, from, actor, effect.key)
    case 'choose': {
      const { key, options } = effect
      tables.pending = [...tables.pending, { address: from, born: actor.life.born, key, options, cause: tables.cause }]
      return
    }
    case 'busy':
      actor.busyUntil = micros(Math.max(actor.busyUntil, tables.now) + effect.ms)
  }
}

/** What is spawned inside the process ends with who spawned it; a process of its own does not. */
function spawned(tables: Tables, from: Address, actor: Actor, effect: Spawn, bear: Bear): void {
  const { address, machine, input, process } = effect
  if (hostOf(address) !== actor.life.host)
    throw new Error(`${from} may not spawn ${address}: it lives on another host; ask somebody there to do it`)
  isFree(tables, address)
  if (!process) actor.children = actor.children.set(address, true)
  bear({ address, machine, input, process, parent: from })
}

function monitored(tables: Tables, from: Address, { life: { born } }: Actor, address: Address): void {
  if (tables.actors.has(address)) {
    const others = (tables.monitors.get(address) ?? []).filter((watcher) => watcher.address !== from)
    tables.monitors.set(address, [...others, { address: from, born }])
    return
  }
  const event = { type: 'peer.lost', address, reason: 'ended' } as EventObject
  post(tables, address, { kind: 'mail', from: address, to: from, event })
}

function onDisk(tables: Tables, process: Address, { key, value }: Write): void {
  tables.disks.set(process, written(tables.disks.get(process) ?? EMPTY_DISK, key, value))
}

function synced(tables: Tables, from: Address, actor: Actor, key: string): void {
  const { host, process } = actor.life
  const disk = tables.disks.get(process) ?? EMPTY_DISK
  const at = tables.hosts.get(host)
  if (at?.diskFull === true) {
    // What found no space is not there at the next start either.
    tables.disks.set(process, afterPowerLoss(disk, 0))
    throw new DiskFull()
  }
  const afterMs = at?.diskMs ?? tables.options.diskMs
  const event = { type: 'disk.synced', key } as EventObject
  tables.agenda.add(
    timed(tables, 'synced', from, { seq: tables.seq++, key: process, afterMs, event, upTo: disk.count }),
  )
}
