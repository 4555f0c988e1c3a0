/** Every active namespace has the cluster's certificate (pkg/controller/certificates/rootcacertpublisher). */
import { SOME_CERTIFICATE } from '../../lib/certificate.ts'
import { create, update } from '../../lib/requests.ts'
import type { View } from '../../protocol/cache.ts'
import type { ConfigMap, Namespace } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { objectMachine } from '../kit/object.ts'

const NAME = 'kube-root-ca.crt'
const DESCRIPTION = 'kubernetes.io/description'
const DESCRIBED =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

const controller: Controller = {
  name: 'root-ca-certificate-publisher',
  component: 'root-ca-cert-publisher',
  serviceAccount: 'root-ca-cert-publisher',
  resource: 'namespaces',
  object: 'root-certificate',
  workers: 1,
  caches: [{ resource: 'namespaces' }, { resource: 'configmaps' }],
  concerns: (resource, { key, was, now }) => {
    if (resource === 'namespaces') return now === undefined || isActive(now as Namespace) ? [key] : []
    const map = now ?? was
    return map?.metadata.name === NAME && was !== undefined && map.metadata.namespace !== undefined
      ? [map.metadata.namespace]
      : []
  },
}

/** @param certificate what is published: the bundle that verifies the API server, in PEM */
export function rootCertificateOf(certificate: string) {
  return objectMachine({
    id: 'root-certificate',
    decide: (view, key, { user }) => {
      const namespace = view.namespaces?.objects.get(key)
      if (namespace === undefined) return { gone: true }
      if (!isActive(namespace)) return {}
      const place = { resource: 'configmaps', namespace: key, name: NAME }
      const current = publishedIn(view, key)
      const body = wanted(key, current, certificate)
      if (body === undefined) return {}
      const request = current === undefined ? create(user, place, body) : update(user, place, body)
      return { writes: [{ request }] }
    },
  })
}

/** For a cluster whose certificate is known. */
export const rootCaPublisherWith = (certificate: string): Listed =>
  supervised(controller, rootCertificateOf(certificate))
export const rootCaPublisher: Listed = rootCaPublisherWith(SOME_CERTIFICATE)
export const rootCaPublisherController: Controller = controller

function wanted(namespace: string, current: ConfigMap | undefined, certificate: string): unknown {
  const isRight =
    current?.data?.['ca.crt'] === certificate &&
    Object.keys(current.data).length === 1 &&
    current.metadata.annotations?.[DESCRIPTION] !== undefined
  if (isRight) return undefined
  const { annotations, ...metadata } = current?.metadata ?? { name: NAME, namespace }
  return {
    ...(current ?? { apiVersion: 'v1', kind: 'ConfigMap' }),
    metadata: { ...metadata, annotations: { ...annotations, [DESCRIPTION]: DESCRIBED } },
    data: { 'ca.crt': certificate },
  }
}

const isActive = ({ status }: Namespace): boolean => status?.phase === 'Active'
const publishedIn = (view: View, namespace: string): ConfigMap | undefined =>
  view.configmaps?.objects.get(`${namespace}/${NAME}`)
