import { describe, expect, test } from 'vitest'
import { kubectlChange } from '../../../../machines/kubectl/change.ts'
import type { KubectlCommand } from '../../../../machines/protocol/kubectl.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { deployment, finished, input, listed, lost, ok, refused, request } from './words.ts'

const web = { resource: 'deployments.apps', namespace: 'default', name: 'web' }
const commanded = (command: KubectlCommand) => born(kubectlChange, input(command), 'kubectl/workstation/1')
const set = (name: string, revision: number, image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name,
    namespace: 'default',
    annotations: { 'deployment.kubernetes.io/revision': String(revision), note: name },
    ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'd1', controller: true, apiVersion: 'apps/v1' }],
  },
  spec: {
    template: {
      metadata: { labels: { app: 'web', 'pod-template-hash': name } },
      spec: { containers: [{ name: 'web', image }] },
    },
  },
})

describe('kubectl', () => {
  test('scales through the scale subresource', () => {
    const patching = commanded({ command: 'scale', ...web, replicas: 5 }).on(ok(deployment()))
    expect(request(patching.asked)).toMatchObject({
      verb: 'patch',
      subresource: 'scale',
      patchType: 'merge',
      body: { spec: { replicas: 5 } },
    })
    expect(finished(patching.on(ok({})).asked)).toEqual({ code: 0, lines: ['deployment.apps/web scaled'] })
  })

  test('sets an image by the name of the container', () => {
    const patching = commanded({ command: 'set image', ...web, images: { web: 'nginx:1.27' } }).on(ok(deployment()))
    expect(request(patching.asked)?.body).toEqual({
      spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } } },
    })
    expect(finished(patching.on(ok({})).asked)?.lines).toEqual(['deployment.apps/web image updated'])
  })

  test('says so when there is no such container, and nothing when the image is that already', () => {
    const wrong = commanded({ command: 'set image', ...web, images: { nginx: 'x' } }).on(ok(deployment()))
    expect(finished(wrong.asked)).toEqual({ code: 1, lines: ['error: unable to find container named "nginx"'] })
    const same = commanded({ command: 'set image', ...web, images: { '*': 'nginx:1.26' } }).on(ok(deployment()))
    expect(finished(same.asked)).toEqual({ code: 0, lines: [] })
  })

  test('rolls back to the revision before the latest, without its hash', () => {
    const reading = commanded({ command: 'rollout undo', ...web }).on(ok(deployment({}, {})))
    expect(reading.state).toBe('readingHistory')
    const patching = reading.on(listed(set('old', 1, 'nginx:1.25'), set('new', 2, 'nginx:1.26')))
    expect(request(patching.asked)).toMatchObject({ patchType: 'json' })
    const [template, annotations] = request(patching.asked)?.body as { value: unknown }[]
    expect(template?.value).toMatchObject({
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ image: 'nginx:1.25' }] },
    })
    expect(annotations?.value).toEqual({ note: 'old' })
    expect(finished(patching.on(ok({})).asked)?.lines).toEqual(['deployment.apps/web rolled back'])
  })

  test('refuses to roll back what has no history, has no such revision, or is paused; skips what is so already', () => {
    const undo = (toRevision?: number, spec = {}) =>
      commanded({ command: 'rollout undo', ...web, ...(toRevision === undefined ? {} : { toRevision }) }).on(
        ok(deployment({}, spec)),
      )
    expect(finished(undo().on(listed(set('new', 2, 'x'))).asked)?.lines).toEqual([
      'error: no rollout history found for deployment "web"',
    ])
    expect(finished(undo(7).on(listed(set('new', 2, 'x'))).asked)?.lines).toEqual([
      'error: unable to find specified revision 7 in history',
    ])
    expect(finished(undo(undefined, { paused: true }).on(listed()).asked)?.code).toBe(1)
    expect(finished(undo(2).on(listed(set('new', 2, 'nginx:1.26'))).asked)?.lines).toEqual([
      'deployment.apps/web skipped rollback (current template already matches revision 2)',
    ])
  })

  test('restarts by an annotation of the template, pauses and resumes', () => {
    const restart = commanded({ command: 'rollout restart', ...web }).on(ok(deployment()))
    expect(request(restart.asked)?.body).toEqual({
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '1970-01-02T00:00:00Z' } } },
      },
    })
    const pause = commanded({ command: 'rollout pause', ...web })
    expect(request(pause.on(ok(deployment())).asked)?.body).toEqual({ spec: { paused: true } })
    expect(finished(pause.on(ok(deployment({}, { paused: true }))).asked)?.lines).toEqual([
      'error: deployment.apps "web" already paused',
    ])
    const resume = commanded({ command: 'rollout resume', ...web })
    expect(request(resume.on(ok(deployment({}, { paused: true }))).asked)?.body).toEqual({ spec: { paused: null } })
    expect(finished(resume.on(ok(deployment())).asked)?.code).toBe(1)
  })

  test('cordons and uncordons a node, once', () => {
    const node = (unschedulable?: boolean) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1' },
      spec: { unschedulable },
    })
    const cordon = commanded({ command: 'cordon', node: 'node-1' })
    expect(finished(cordon.on(ok(node())).on(ok({})).asked)?.lines).toEqual(['node/node-1 cordoned'])
    expect(finished(cordon.on(ok(node(true))).asked)?.lines).toEqual(['node/node-1 already cordoned'])
    expect(request(commanded({ command: 'uncordon', node: 'node-1' }).on(ok(node(true))).asked)?.body).toEqual({
      spec: { unschedulable: null },
    })
  })

  test('says what the server refused, and ends when it is not to be reached', () => {
    const looking = commanded({ command: 'scale', ...web, replicas: 5 })
    const missing = refused(404, 'NotFound', 'deployments.apps "web" not found')
    expect(finished(looking.on(missing).asked)?.lines).toEqual([
      'Error from server (NotFound): deployments.apps "web" not found',
    ])
    const patching = looking.on(ok(deployment()))
    const reading = commanded({ command: 'rollout undo', ...web }).on(ok(deployment()))
    for (const chart of [looking, patching, reading]) {
      expect(finished(chart.on(lost).asked)?.code).toBe(1)
      expect(finished(chart.after('request timeout').asked)?.code).toBe(1)
      expect(finished(chart.on(refused(500, '', 'etcdserver: no leader')).asked)?.lines).toEqual([
        'Error from server: etcdserver: no leader',
      ])
    }
  })
})

expectWhole(kubectlChange)
