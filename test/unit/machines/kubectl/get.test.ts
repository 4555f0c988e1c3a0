import { describe, expect, test } from 'vitest'
import { kubectlGet } from '../../../../machines/kubectl/get.ts'
import type { KubectlCommand } from '../../../../machines/protocol/kubectl.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { finished, input, listed, lost, ok, refused, request } from './words.ts'

const commanded = (command: KubectlCommand) =>
  born(kubectlGet, input(command), 'kubectl/workstation/1', { at: 86_500_000 })
const config = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', creationTimestamp: '1970-01-02T00:00:00Z' },
  data: { x: '1' },
})

describe('kubectl get', () => {
  test('prints a table of all', () => {
    const done = commanded({ command: 'get', resource: 'configmaps', namespace: 'default' }).on(
      listed(config('a'), config('b')),
    )
    expect(finished(done.asked)).toEqual({
      code: 0,
      lines: ['NAME   DATA   AGE', 'a      1      100s', 'b      1      100s'],
    })
  })

  test('prints one, or that there is none', () => {
    const one = commanded({ command: 'get', resource: 'configmaps', namespace: 'default', name: 'a' })
    expect(request(one.asked)).toMatchObject({ verb: 'get', name: 'a' })
    expect(finished(one.on(ok(config('a'))).asked)?.lines).toHaveLength(2)
    const none = commanded({ command: 'get', resource: 'configmaps', namespace: 'default' }).on(listed())
    expect(finished(none.asked)?.lines).toEqual(['No resources found in default namespace.'])
  })

  test('prints why not', () => {
    const asking = commanded({ command: 'get', resource: 'configmaps' })
    expect(finished(asking.on(refused(403, 'Forbidden', 'no')).asked)?.lines).toEqual([
      'Error from server (Forbidden): no',
    ])
    expect(finished(asking.on(lost).asked)?.code).toBe(1)
    expect(finished(asking.after('request timeout').asked)?.code).toBe(1)
  })
})

test('kubectl rollout history prints the revisions of a deployment in order', () => {
  const set = (name: string, revision: number) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ name: 'web' }],
    },
  })
  const chart = commanded({
    command: 'rollout history',
    resource: 'deployments.apps',
    namespace: 'default',
    name: 'web',
  })
  const done = chart.on(listed(set('a', 2), set('b', 1)))
  expect(finished(done.asked)?.lines).toEqual([
    'deployment.apps/web',
    'REVISION   CHANGE-CAUSE',
    '1          <none>',
    '2          <none>',
  ])
})

expectWhole(kubectlGet)
