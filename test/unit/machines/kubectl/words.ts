/** What the API server says to a kubectl, in short. */

import type { ApiAnswered, ApiRequest } from '../../../../machines/protocol/api.ts'
import type { KubectlCommand, KubectlFinished } from '../../../../machines/protocol/kubectl.ts'
import { type ApiObject, keyOf } from '../../../../machines/protocol/objects.ts'
import type { Effect } from '../../../../runtime/contract.ts'
import { Tree } from '../../../../runtime/tree.ts'

export const input = (command: KubectlCommand) => ({
  apiserver: 'load-balancer/lb',
  user: { name: 'kubernetes-admin', groups: ['system:masters'] },
  command,
  tell: 'shell/workstation',
})

export const ok = (object?: unknown, code = 200): ApiAnswered => ({
  type: 'api.answered',
  code,
  object: object as ApiObject,
})
export const listed = (...objects: unknown[]): ApiAnswered => ({
  type: 'api.answered',
  code: 200,
  list: {
    view: 'objects@7',
    resourceVersion: '7',
    objects: Tree.of((objects as ApiObject[]).map((object) => [keyOf(object), object] as const)),
  },
})
export const refused = (code: number, reason: string, message: string): ApiAnswered => ({
  type: 'api.answered',
  code,
  status: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
})
export const lost = { type: 'call.lost', line: '', reason: 'reset' } as const

/** The one request of a step. */
export function request(asked: readonly Effect[]): ApiRequest | undefined {
  const effect = asked.find((each) => each.do === 'call' || each.do === 'stream')
  return effect?.event as ApiRequest | undefined
}
/** How the command ended, if it did. */
export function finished(asked: readonly Effect[]): Omit<KubectlFinished, 'type'> | undefined {
  const effect = asked.find((each) => each.do === 'send')
  if (effect === undefined) return undefined
  const { code, lines } = effect.event as KubectlFinished
  return { code, lines }
}

const container = { name: 'web', image: 'nginx:1.26' }
export const deployment = (more: object = {}, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', uid: 'd1', generation: 1, annotations: {}, ...more },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
    ...spec,
  },
})
