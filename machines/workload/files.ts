/**
 * What a container sees as its file system: its own layer, and volumes mounted over it. Plain data; changing a file
 * makes a new file system that shares all the rest. A path is absolute; a directory is held only when it was made.
 */
import { Tree } from '../../runtime/tree.ts'

export interface File {
  readonly kind: 'file' | 'directory'
  readonly content: string
  /** In bytes; may be more than the content says, as of `dd if=/dev/zero`. */
  readonly size: number
}
export interface Mount {
  readonly path: string
  readonly volume: string
  /** What of the volume is mounted: `''`, or a `subPath` with a slash before it. */
  readonly within: string
  readonly readOnly: boolean
  /** By path in the volume: `/k`. */
  readonly files: Tree<File>
}
export interface FileSystem {
  readonly readOnly: boolean
  readonly files: Tree<File>
  readonly mounts: readonly Mount[]
}
/** What was written, for volumes that others see too. `undefined` removes. */
export interface FileChange {
  readonly volume: string
  readonly path: string
  readonly file: File | undefined
}

export const textFile = (content: string): File => ({ kind: 'file', content, size: content.length })
export const DIRECTORY: File = { kind: 'directory', content: '', size: 0 }

export const emptyFileSystem: FileSystem = { readOnly: false, files: Tree.of<File>(), mounts: [] }

/** `a/../b` from `/w` is `/w/b`. */
export function absolute(path: string, from: string): string {
  const kept: string[] = []
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return `/${kept.join('/')}`
}

export function fileAt(system: FileSystem, path: string): File | undefined {
  const mount = mountOf(system, path)
  const [files, within] = mount === undefined ? [system.files, path] : [mount.files, keyIn(mount, path)]
  const found = files.get(within)
  if (found !== undefined) return found
  return isImplied(system, files, within) || system.mounts.some(below(path)) ? DIRECTORY : undefined
}

/** Names in a directory, sorted. */
export function namesIn(system: FileSystem, path: string): readonly string[] {
  const mount = mountOf(system, path)
  const prefix = `${(mount === undefined ? path : keyIn(mount, path)).replace(/\/$/, '')}/`
  const names = new Set<string>()
  ;(mount?.files ?? system.files).range(prefix, undefined, (_, key) => {
    if (!key.startsWith(prefix)) return false
    names.add(key.slice(prefix.length).split('/', 1)[0] as string)
    return true
  })
  for (const { path: at } of system.mounts) {
    if (at.startsWith(`${path.replace(/\/$/, '')}/`))
      names.add(at.slice(path.length).split('/').filter(Boolean)[0] as string)
  }
  return [...names].sort()
}

/** Why a path may not be written; undefined when it may. */
export function refusal(
  system: FileSystem,
  path: string,
): 'Read-only file system' | 'Is a directory' | 'nonexistent directory' | undefined {
  const mount = mountOf(system, path)
  if (mount === undefined ? system.readOnly : mount.readOnly) return 'Read-only file system'
  const parent = path.slice(0, path.lastIndexOf('/'))
  if (parent !== '' && fileAt(system, parent)?.kind !== 'directory' && !USUAL.has(parent))
    return 'nonexistent directory'
  return undefined
}
/** Directories of every image. */
const USUAL: ReadonlySet<string> = new Set(
  '/bin /dev /etc /home /proc /root /run /sbin /sys /tmp /usr /var /var/log /var/run /usr/bin'.split(' '),
)

/** @returns the new file system, and the change when it happened on a volume. */
export function withFile(
  system: FileSystem,
  path: string,
  file: File | undefined,
): readonly [FileSystem, FileChange | undefined] {
  const mount = mountOf(system, path)
  if (mount === undefined) return [{ ...system, files: system.files.update(path, () => file) }, undefined]
  const change: FileChange = { volume: mount.volume, path: keyIn(mount, path), file }
  return [withVolumeFile(system, change), change]
}

/** The same after another container, or the kubelet, has written to a volume. */
export function withVolumeFile(system: FileSystem, { volume, path, file }: FileChange): FileSystem {
  const mounts = system.mounts.map((mount) =>
    mount.volume === volume ? { ...mount, files: mount.files.update(path, () => file) } : mount,
  )
  return { ...system, mounts }
}

const keyIn = ({ path: at, within }: Mount, path: string): string => within + path.slice(at.length)

/** The innermost mount that holds the path. */
function mountOf({ mounts }: FileSystem, path: string): Mount | undefined {
  let found: Mount | undefined
  for (const mount of mounts) {
    if (path !== mount.path && !path.startsWith(`${mount.path}/`)) continue
    if (found === undefined || mount.path.length > found.path.length) found = mount
  }
  return found
}

const below = (path: string) => (mount: Mount) =>
  mount.path === path || mount.path.startsWith(`${path === '/' ? '' : path}/`)

function isImplied(_: FileSystem, files: Tree<File>, path: string): boolean {
  const prefix = path === '/' ? '/' : `${path}/`
  let implied = path === '/'
  files.range(prefix, undefined, (_file, key) => {
    implied ||= key.startsWith(prefix)
    return false
  })
  return implied
}
