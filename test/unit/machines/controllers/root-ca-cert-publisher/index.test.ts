import { expect, test } from 'vitest'
import {
  rootCaPublisher,
  rootCaPublisherController,
  rootCertificateOf,
} from '../../../../../machines/controllers/root-ca-cert-publisher/index.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { born } from '../../../../kit/chart.ts'
import { object, objectInput, sync, viewOf } from '../objects.ts'

const namespace = (phase: string) => object('v1', 'Namespace', 'team', { status: { phase } })
const map = (data: unknown, annotations = {}) => ({
  ...object('v1', 'ConfigMap', 'kube-root-ca.crt', { metadata: { namespace: 'team', annotations } }),
  data,
})
const described = { 'kubernetes.io/description': 'x' }
const deciding = (namespaces: readonly ApiObject[], configmaps: readonly ApiObject[] = []) =>
  born(rootCertificateOf('pem'), objectInput('team')).on(sync(viewOf({ namespaces, configmaps })))

test('the certificate is published in every active namespace', () => {
  expect(deciding([namespace('Active')]).did('call')[0]?.event).toMatchObject({
    verb: 'create',
    body: { metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': 'pem' } },
  })
  expect(deciding([namespace('Terminating')]).did('call')).toEqual([])
  expect(deciding([]).done).toBe(true)
})

test('what was changed is put right', () => {
  const wrong = deciding([namespace('Active')], [map({ 'ca.crt': 'x', more: 'y' }, { mine: 'z' })])
  expect(wrong.did('call')[0]?.event).toMatchObject({
    verb: 'update',
    body: { metadata: { resourceVersion: '1', annotations: { mine: 'z' } }, data: { 'ca.crt': 'pem' } },
  })
  expect(deciding([namespace('Active')], [map({ 'ca.crt': 'pem' }, described)]).did('call')).toEqual([])
})

test('namespaces, and changes of the map itself, concern it', () => {
  const { concerns } = rootCaPublisherController
  const view = viewOf({ namespaces: [], configmaps: [] })
  expect(concerns('namespaces', { key: 'team', was: undefined, now: namespace('Active') }, view)).toEqual(['team'])
  expect(concerns('namespaces', { key: 'team', was: undefined, now: namespace('Terminating') }, view)).toEqual([])
  expect(concerns('configmaps', { key: 'k', was: map({}), now: undefined }, view)).toEqual(['team'])
  expect(concerns('configmaps', { key: 'k', was: undefined, now: map({}) }, view)).toEqual([])
  expect(rootCaPublisher.member.name).toBe('root-ca-certificate-publisher')
})
