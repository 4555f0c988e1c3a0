/** What a container runs: a script that is interpreted, something that behaves as told, or nothing that could be started. */

import { Tree } from '../../runtime/tree.ts'
import type { ContainerConfig } from '../protocol/cri.ts'
import type { Behaviour, ContainerInput } from '../protocol/workload.ts'
import { type Conduct, conductOf } from './behaviour.ts'
import type { FileSystem, Mount } from './files.ts'
import { emptyFileSystem, textFile } from './files.ts'
import { understands } from './shell/shell.ts'
import { matches } from './wildcard.ts'

export interface Program {
  readonly runs: 'script' | 'behaviour' | 'nothing'
  readonly argv: readonly string[]
  readonly conduct: Conduct
}

export function programOf({ config, image, behaviours }: ContainerInput): Program {
  const annotation = annotationOf(config)
  const command = [...(config.command ?? []), ...(config.args ?? [])].join(' ')
  const conduct = conductOf(behaviours, image, command, annotation)
  const argv = [...(config.command ?? conduct.entrypoint ?? []), ...(config.args ?? [])]
  const isTold = annotation !== '' || behaviours.some((each) => isFor(each, command))
  if (!isTold && understands(argv)) return { runs: 'script', argv, conduct }
  return { runs: conduct.toolsOnly && !isTold ? 'nothing' : 'behaviour', argv, conduct }
}

/** `orrery.dev/behaviour.<container>` before `orrery.dev/behaviour`. */
const annotationOf = ({ annotations, metadata }: ContainerConfig): string =>
  annotations[`orrery.dev/behaviour.${metadata.name}`] ?? annotations['orrery.dev/behaviour'] ?? ''

const isFor = ({ command: pattern }: Behaviour, command: string): boolean =>
  pattern !== undefined && matches(pattern, command)

/** What runc says of a command that is not in the image. */
export function notFound(name: string): string {
  const why = name.includes('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH'
  return `unable to start container process: exec: "${name}": ${why}: unknown`
}

export function environmentOf({ envs }: ContainerConfig, hostname: string): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: hostname,
    HOME: '/root',
    ...Object.fromEntries(envs.map(({ key, value }) => [key, value])),
  }
}

/** The container's own layer is empty but for what every container has. */
export function fileSystemOf({ config, hostname, volumes }: ContainerInput): FileSystem {
  const files = Tree.of([['/etc/hostname', textFile(`${hostname}\n`)] as const])
  const mounts = config.mounts.map((mount) => {
    const written = volumes[mount.volume]
    return written === undefined ? mountOf(mount) : { ...mountOf(mount), files: written }
  })
  return { ...emptyFileSystem, files, mounts }
}

export function mountOf({
  volume,
  containerPath,
  subPath,
  readonly,
  files = {},
}: ContainerConfig['mounts'][number]): Mount {
  const entries = Object.entries(files).map(([path, content]) => [`/${path}`, textFile(content)] as const)
  return {
    path: containerPath.replace(/(.)\/$/, '$1'),
    volume,
    within: subPath === undefined || subPath === '' ? '' : `/${subPath}`,
    readOnly: readonly,
    files: Tree.of(entries),
  }
}
