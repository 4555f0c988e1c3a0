/** kubectl as a scenario uses it: each command is an actor; the world runs until the command has ended. */
import type { Address } from '../../runtime/contract.ts'
import type { World } from '../../runtime/world.ts'
import { machineFor } from '../kubectl/commands.ts'
import { type Profile, resourceOfShortName } from '../lib/schema.ts'
import type { Applied, KubectlCommand, KubectlFinished, KubectlInput, Named } from '../protocol/kubectl.ts'
import { LOAD_BALANCER } from './layout.ts'
import { toMs } from './time.ts'

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number
  readonly lines: readonly string[]
}
/** Thrown when a command fails: a scenario that expects a failure uses `attempt`. */
export class KubectlFailed extends Error {
  readonly ended: Ended
  constructor(command: KubectlCommand, ended: Ended) {
    super(`kubectl ${command.command} ended with ${ended.code}: ${ended.lines.join('\n')}`)
    this.ended = ended
  }
}

const USER = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const SHELL: Address = 'shell/workstation'

export class Kubectl {
  private readonly world: World
  private readonly profile: Profile
  private readonly finished = new Map<number, Ended>()
  private readonly step: () => void
  private count: number

  /** @param step lets one thing happen */
  constructor(world: World, profile: Profile, step: () => void, count = 0) {
    this.world = world
    this.profile = profile
    this.step = step
    this.count = count
    world.bindOutside(SHELL, ({ from, event }) => {
      const { code, lines } = event as KubectlFinished
      this.finished.set(Number(from.slice(from.lastIndexOf('/') + 1)), { code, lines })
    })
  }

  /** How many commands were started: a fork goes on counting from there. */
  get commands(): number {
    return this.count
  }

  apply(objects: readonly Applied[]): Ended {
    return this.run({ command: 'apply', objects })
  }
  create(objects: readonly Applied[]): Ended {
    return this.run({ command: 'create', objects })
  }
  /** @param object `deployment/web`, `deploy/web`, `pods/web-1` */
  delete(object: string, { namespace = 'default', wait = true, gracePeriodSeconds }: DeleteOptions = {}): Ended {
    const grace = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }
    return this.run({ command: 'delete', ...this.named(object, namespace), wait, ...grace })
  }
  scale(object: string, replicas: number, { namespace = 'default' }: InNamespace = {}): Ended {
    return this.run({ command: 'scale', ...this.named(object, namespace), replicas })
  }
  /** @param images by container: `{ web: 'nginx:1.27' }` */
  setImage(
    object: string,
    images: Readonly<Record<string, string>>,
    { namespace = 'default' }: InNamespace = {},
  ): Ended {
    return this.run({ command: 'set image', ...this.named(object, namespace), images })
  }
  rolloutStatus(object: string, { namespace = 'default', timeout }: InNamespace & { timeout?: string } = {}): Ended {
    const timeoutMs = timeout === undefined ? {} : { timeoutMs: toMs(timeout) }
    return this.run({ command: 'rollout status', ...this.named(object, namespace), ...timeoutMs })
  }
  rolloutUndo(
    object: string,
    { namespace = 'default', toRevision }: InNamespace & { toRevision?: number } = {},
  ): Ended {
    const revision = toRevision === undefined ? {} : { toRevision }
    return this.run({ command: 'rollout undo', ...this.named(object, namespace), ...revision })
  }
  rolloutRestart(object: string, { namespace = 'default' }: InNamespace = {}): Ended {
    return this.run({ command: 'rollout restart', ...this.named(object, namespace) })
  }
  cordon(node: string): Ended {
    return this.run({ command: 'cordon', node })
  }
  uncordon(node: string): Ended {
    return this.run({ command: 'uncordon', node })
  }
  drain(node: string, { timeout }: { timeout?: string } = {}): Ended {
    return this.run({ command: 'drain', node, ...(timeout === undefined ? {} : { timeoutMs: toMs(timeout) }) })
  }

  /** Runs a command to its end. @throws {KubectlFailed} when it fails */
  run(command: KubectlCommand): Ended {
    const ended = this.attempt(command)
    if (ended.code !== 0) throw new KubectlFailed(command, ended)
    return ended
  }

  /** Runs a command to its end, whatever it is. @throws when nothing is left that could end it */
  attempt(command: KubectlCommand): Ended {
    const number = this.start(command)
    for (;;) {
      const ended = this.finished.get(number)
      if (ended !== undefined) return ended
      if (this.world.due === undefined)
        throw new Error(`kubectl ${command.command} waits, and nothing will happen again`)
      this.step()
    }
  }

  /** Starts a command and lets the scenario go on. @returns its number, to ask `ended` for */
  start(command: KubectlCommand): number {
    const number = ++this.count
    const input: KubectlInput = { apiserver: LOAD_BALANCER, user: USER, command, tell: SHELL }
    this.world.operate({ op: 'spawn', address: `kubectl/workstation/${number}`, machine: machineFor(command), input })
    return number
  }
  ended(number: number): Ended | undefined {
    return this.finished.get(number)
  }

  private named(object: string, namespace: string): Named {
    const [typed = '', name = ''] = object.split('/')
    const facts = resourceOfShortName(this.profile, typed)
    if (facts === undefined || name === '')
      throw new Error(`"${object}" names no object; write for example deployment/web`)
    return { resource: facts.name, name, ...(facts.namespaced ? { namespace } : {}) }
  }
}

interface InNamespace {
  readonly namespace?: string
}
interface DeleteOptions extends InNamespace {
  readonly wait?: boolean
  readonly gracePeriodSeconds?: number
}
