/** The life of one container as plain data, and what each thing that happens to it makes of it. */
import { type Address, answer, cancel, type Decided, type Effect, send, wake } from '../../runtime/contract.ts'
import type { ContainerInput, Exit, LogLine, MountsRenewed, VolumeChanged } from '../protocol/workload.ts'
import { withVolumeFile } from './files.ts'
import { environmentOf, fileSystemOf, mountOf, notFound, type Program, programOf } from './program.ts'
import { FRESH, fastForwarded, observed, type Watch } from './shell/quiet.ts'
import { begun, empty, nextWake, type Processes, runUntil, type Signal, signalled, type Yield } from './shell/shell.ts'

export interface Asker {
  readonly from: Address
  readonly call: number
}
export interface Life extends Omit<ContainerInput, 'behaviours' | 'volumes'> {
  readonly program: Program
  readonly shell: Processes
  readonly watch: Watch
  /** Its script goes round without effect: how long a round takes. Nobody wakes it meanwhile. */
  readonly roundMs: number | undefined
  readonly startedAt: number
  readonly graceMs: number
  /** Who waits for which exec, by process number; for which request, by call. */
  readonly execs: Readonly<Record<string, Asker>>
  readonly log: readonly LogLine[]
  readonly exit: Exit | undefined
}

/** A log is rotated: so many lines are kept. */
const LOG_LINES = 1_000

export function created(told: ContainerInput, at: number): Life {
  const { behaviours: _, volumes: __, ...input } = told
  const program = programOf(told)
  const files = fileSystemOf(told)
  return {
    program,
    shell: empty({ files, now: at, ...scene({ program, ...input }) }),
    watch: FRESH,
    roundMs: undefined,
    startedAt: 0,
    graceMs: 0,
    execs: {},
    log: [],
    exit: undefined,
    ...input,
  }
}

/** Variables and directory that every process of the container starts with. */
export const scene = ({ config, hostname, program }: Pick<Life, 'config' | 'hostname' | 'program'>) => ({
  variables: environmentOf(config, hostname),
  directory: config.workingDir ?? '/',
  hostname,
  hasOtherPrograms: program.conduct.toolsOnly !== true,
})

/** The first process starts. */
export function launched(life: Life, at: number): Decided<Life> {
  const { program, shell } = life
  const started = { ...life, startedAt: at }
  if (program.runs === 'script') {
    const [change, effects] = took(
      started,
      begun({ ...scene(life), argv: program.argv, files: shell.files, now: at }),
      at,
    )
    return [{ startedAt: at, ...change }, effects]
  }
  const { exits } = program.conduct
  return [{ startedAt: at }, exits === undefined ? [] : [wake('life', exits.afterMs, { type: 'life.ended' })]]
}

/** runc could not start it. */
export function notStarted({ program }: Life, at: number): Exit {
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${notFound(program.argv[0] ?? '')}`
  return { startedAt: 0, finishedAt: at, exitCode: 128, reason: 'StartError', message, terminationMessage: '', log: [] }
}

export function exited(life: Life, exitCode: number, oomKilled: boolean, at: number): Exit {
  const { config, shell, startedAt } = life
  const said =
    life.shell.files.files.get(config.terminationMessagePath) ?? mounted(shell, config.terminationMessagePath)
  return {
    startedAt,
    finishedAt: at,
    exitCode,
    reason: oomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error',
    message: '',
    terminationMessage: said?.content ?? '',
    log: logAt(life, at),
  }
}

function mounted({ files }: Processes, path: string): { readonly content: string } | undefined {
  const mount = files.mounts.find((each) => each.path === path)
  return mount?.files.get(mount.within)
}

/** All that it has written until now: what a behaviour logs later is not held before its time. */
export function logAt({ log, program, startedAt }: Life, at: number): readonly LogLine[] {
  const { logs } = program.conduct
  if (program.runs !== 'behaviour' || logs === undefined || startedAt === 0) return log
  return logs
    .filter(({ afterMs }) => startedAt + afterMs <= at)
    .map(({ afterMs, text, stream = 'stdout' }) => ({ at: startedAt + afterMs, stream, text }))
}

/** Its script is due: goes on, and is watched for going round in circles. */
export function resumed(life: Life, at: number): Decided<Life> {
  const [shell, yielded] = runUntil(life.shell, at)
  const silent = yielded.output.length + yielded.changes.length + yielded.finished.length === 0
  const [watch, roundMs] = observed(life.watch, shell, silent)
  const [change, effects] = took(life, [shell, yielded], at, roundMs !== undefined)
  return [{ ...change, watch, roundMs }, effects]
}

/** Where its processes stand now, before something new happens to them. */
export const standing = ({ shell, roundMs }: Life, at: number): Processes =>
  roundMs === undefined ? shell : fastForwarded(shell, at, roundMs)

/** Takes over what a run of its processes made. */
export function took(
  life: Life,
  [shell, yielded]: readonly [Processes, Yield],
  at: number,
  circles = false,
): Decided<Life> {
  const { output, finished } = yielded
  const log = output.length === 0 ? life.log : [...life.log, ...output].slice(-LOG_LINES)
  const execs = { ...life.execs }
  const effects: Effect[] = [...told(life, yielded)]
  for (const { pid, exitCode, stdout, stderr } of finished) {
    const asker = execs[pid]
    delete execs[pid]
    if (asker === undefined) continue
    effects.push(cancel(`exec ${pid}`))
    effects.push(answer(asker.from, asker.call, { type: 'cri.answered', reply: { exitCode, stdout, stderr } }))
  }
  const next = { ...life, shell, log }
  const exit = shell.exitCode === undefined ? undefined : exited(next, shell.exitCode, shell.oomKilled, at)
  const change = { shell, log, execs, exit, watch: FRESH, roundMs: undefined }
  return [change, exit === undefined && !circles ? [...effects, ...rung(life, shell, at)] : effects]
}

/** The timer for whoever sleeps, when it is another one than before. */
function rung({ shell: was, roundMs }: Life, shell: Processes, at: number): readonly Effect[] {
  const due = nextWake(shell)
  if (due === undefined) return nextWake(was) === undefined ? [] : [cancel('script')]
  const isSet = due === nextWake(was) && due > at && was.processes.length > 0 && roundMs === undefined
  return isSet ? [] : [wake('script', due - at, { type: 'script.due' })]
}

/** Tells the runtime what changed on volumes, since other containers may mount them too. */
function told({ runtime }: Life, { changes }: Yield): readonly Effect[] {
  const byVolume = new Map<string, VolumeChanged['files'][number][]>()
  for (const { volume, path, file } of changes) byVolume.set(volume, [...(byVolume.get(volume) ?? []), { path, file }])
  return [...byVolume].map(([volume, files]) =>
    send(runtime, { type: 'volume.changed', volume, files } satisfies VolumeChanged),
  )
}

export const signalledWith = (life: Life, name: Signal, at: number): Decided<Life> =>
  took(life, signalled(standing(life, at), at, name), at)

/** Another container wrote to a volume. */
export function volumeChanged(life: Life, { volume, files }: VolumeChanged, at: number): Decided<Life> {
  const shell = standing(life, at)
  const system = files.reduce((all, { path, file }) => withVolumeFile(all, { volume, path, file }), shell.files)
  return took(life, runUntil({ ...shell, files: system }, at), at)
}

/** The kubelet renewed a ConfigMap, a Secret, the downward API. */
export function mountsRenewed(life: Life, { mounts }: MountsRenewed, at: number): Decided<Life> {
  const shell = standing(life, at)
  const renewed = new Map(mounts.map((mount) => [mount.containerPath, mountOf(mount)] as const))
  const all = shell.files.mounts.map((mount) => renewed.get(mount.path) ?? mount)
  return took(life, runUntil({ ...shell, files: { ...shell.files, mounts: all } }, at), at)
}
