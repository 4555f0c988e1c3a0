/** What the commands that change one thing of one object send, and what they print. Pure: from the object as it is. */

import type { Place } from '../lib/requests.ts'
import { rfc3339 } from '../lib/time.ts'
import type { PatchType } from '../protocol/api.ts'
import type { KubectlCommand, Named } from '../protocol/kubectl.ts'
import type { ApiObject, core, Deployment, Node, ReplicaSet } from '../protocol/objects.ts'
import { spoken } from './naming.ts'

/** The commands of this family. */
export type Changing =
  | Extract<KubectlCommand, { command: 'scale' } | { command: 'set image' } | { command: 'rollout undo' }>
  | Cordoning
  | Restarting
interface Cordoning {
  readonly command: 'cordon' | 'uncordon'
  readonly node: string
}
interface Restarting extends Named {
  readonly command: 'rollout restart' | 'rollout pause' | 'rollout resume'
}
/** A patch to be sent and the line that follows its success; or a line and nothing to send; or an error. */
export type Change =
  | {
      readonly do: 'patch'
      readonly place: Place
      readonly type: PatchType
      readonly body: unknown
      readonly line: string
    }
  | { readonly do: 'nothing'; readonly line: string }
  | { readonly do: 'refuse'; readonly line: string }

export const REVISION = 'deployment.kubernetes.io/revision'

/** Where the object lies that the command is about. */
export function placeOfCommand(command: Changing): Place {
  if (command.command === 'cordon' || command.command === 'uncordon') return { resource: 'nodes', name: command.node }
  const { resource, name, namespace } = command as Named
  return { resource, name, ...(namespace === undefined ? {} : { namespace }) }
}

/** @param sets the ReplicaSets of the Deployment; only `rollout undo` looks at them */
export function changeOf(command: Changing, object: ApiObject, sets: readonly ReplicaSet[], at: number): Change {
  const place = placeOfCommand(command)
  const subject = spoken(place.resource, place.name)
  const patch = (body: unknown, line: string): Change => ({ do: 'patch', place, type: 'strategic', body, line })
  switch (command.command) {
    case 'scale':
      return {
        do: 'patch',
        place: { ...place, subresource: 'scale' },
        type: 'merge',
        body: { spec: { replicas: command.replicas } },
        line: `${subject} scaled`,
      }
    case 'set image':
      return imaged(object, command.images, subject, patch)
    case 'rollout restart': {
      const annotations = { 'kubectl.kubernetes.io/restartedAt': rfc3339(at) }
      return patch({ spec: { template: { metadata: { annotations } } } }, `${subject} restarted`)
    }
    case 'rollout pause':
    case 'rollout resume':
      return paused(object as Deployment, command.command === 'rollout pause', subject, patch)
    case 'rollout undo':
      return undone(object as Deployment, sets, command.toRevision, place, subject)
    case 'cordon':
    case 'uncordon':
      return cordoned(object as Node, command.command === 'cordon', subject, patch)
  }
}

type Patch = (body: unknown, line: string) => Change

function imaged(object: ApiObject, images: Readonly<Record<string, string>>, subject: string, patch: Patch): Change {
  const all = (object as Deployment).spec.template.spec?.containers ?? []
  const unknown = Object.keys(images).filter((name) => name !== '*' && !all.some((each) => each.name === name))
  if (unknown.length > 0)
    return { do: 'refuse', line: unknown.map((name) => `error: unable to find container named "${name}"`).join('\n') }
  const containers = all.flatMap(({ name, image }) => {
    const wanted = images[name] ?? images['*']
    return wanted === undefined || wanted === image ? [] : [{ name, image: wanted }]
  })
  if (containers.length === 0) return { do: 'nothing', line: '' }
  return patch({ spec: { template: { spec: { containers } } } }, `${subject} image updated`)
}

function paused({ spec }: Deployment, pause: boolean, subject: string, patch: Patch): Change {
  const word = pause ? 'paused' : 'resumed'
  if ((spec.paused === true) === pause) {
    const is = pause ? 'already paused' : 'is not paused'
    return {
      do: 'refuse',
      line: `error: ${subject.slice(0, subject.indexOf('/'))} "${subject.slice(subject.indexOf('/') + 1)}" ${is}`,
    }
  }
  return patch({ spec: { paused: pause ? true : null } }, `${subject} ${word}`)
}

function cordoned({ spec }: Node, cordon: boolean, subject: string, patch: Patch): Change {
  const word = cordon ? 'cordoned' : 'uncordoned'
  if ((spec?.unschedulable === true) === cordon) return { do: 'nothing', line: `${subject} already ${word}` }
  return patch({ spec: { unschedulable: cordon ? true : null } }, `${subject} ${word}`)
}

/** polymorphichelpers/rollback.go: the template of an earlier ReplicaSet, by a JSON patch; annotations of it too. */
function undone(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  toRevision: number | undefined,
  place: Place,
  subject: string,
): Change {
  if (deployment.spec.paused === true)
    return {
      do: 'refuse',
      line: `error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    }
  const set = earlier(sets, toRevision ?? 0)
  if (set === undefined) {
    const line =
      toRevision === undefined || toRevision === 0
        ? 'error: no rollout history found for deployment'
        : `error: unable to find specified revision ${toRevision} in history`
    return { do: 'refuse', line: line.endsWith('deployment') ? `${line} "${place.name}"` : line }
  }
  const template = withoutHash(set.spec.template as core.PodTemplateSpec)
  if (JSON.stringify(withoutHash(deployment.spec.template)) === JSON.stringify(template)) {
    const revision = revisionOf(set)
    return {
      do: 'nothing',
      line: `${subject} skipped rollback (current template already matches revision ${revision})`,
    }
  }
  const body = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: annotationsAfter(deployment, set) },
  ]
  return { do: 'patch', place, type: 'json', body, line: `${subject} rolled back` }
}

export const revisionOf = ({ metadata }: ApiObject): number => Number(metadata.annotations?.[REVISION] ?? 0)

/** The ReplicaSet of a revision; of revision 0 the one before the latest. */
function earlier(sets: readonly ReplicaSet[], revision: number): ReplicaSet | undefined {
  const byRevision = [...sets].sort((a, b) => revisionOf(b) - revisionOf(a))
  return revision === 0 ? byRevision[1] : byRevision.find((set) => revisionOf(set) === revision)
}

function withoutHash(template: core.PodTemplateSpec): core.PodTemplateSpec {
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

const SKIPPED = [
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]

function annotationsAfter(deployment: Deployment, set: ReplicaSet): Record<string, string> {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => SKIPPED.includes(key))
  const its = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !SKIPPED.includes(key))
  return Object.fromEntries([...own, ...its])
}
