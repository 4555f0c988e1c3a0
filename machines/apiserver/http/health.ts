/** /healthz, /livez and /readyz: apiserver/pkg/server/healthz. The checks are named as there; they stand or fall together. */
import type { HttpResponse, Routed } from './words.ts'

const START_HOOKS = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map((name) => `poststarthook/${name}`)

const AFTER_REGISTRATION = ['autoregister-completion']
const OPENAPI = ['poststarthook/apiservice-openapi-controller', 'poststarthook/apiservice-openapiv3-controller']
const LIVE = ['ping', 'log', 'etcd', ...START_HOOKS, ...AFTER_REGISTRATION, ...OPENAPI]
const READY = ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...START_HOOKS, ...AFTER_REGISTRATION]
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: LIVE,
  livez: LIVE,
  readyz: [...READY, ...OPENAPI, 'shutdown'],
}

/** @returns undefined when the path asks for no health. */
export function health(path: string, query: URLSearchParams): Routed | undefined {
  const [, root = '', ...rest] = path.split('/')
  const checks = CHECKS[root]
  const check = rest.join('/')
  if (checks === undefined || (check !== '' && !checks.includes(check))) return undefined
  const excluded = query.getAll('exclude')
  const lines = checks.map((each) => `[+]${each} ${excluded.includes(each) ? 'excluded: ok' : 'ok'}\n`)
  const verbose = query.has('verbose') && check === ''
  const well = text(200, verbose ? `${lines.join('')}${root} check passed\n` : 'ok')
  return { does: 'health', path: root === 'readyz' ? '/readyz' : '/livez', well }
}

/** What a server says that does not feel well. */
export const unwell = (): HttpResponse => text(500, '[-]etcd failed: reason withheld\nhealthz check failed\n')

const text = (code: number, body: string): HttpResponse => ({
  code,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache, private',
  },
  body,
})
