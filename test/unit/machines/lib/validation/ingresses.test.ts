import { expect, test } from 'vitest'
import { checkIngress, checkIngressClass } from '../../../../../machines/lib/validation/ingresses.ts'
import { toldOf } from './told-of.ts'

const backend = { service: { name: 's', port: { number: 80 } } }
const path = (more: object) => ({ path: '/', pathType: 'Prefix', backend, ...more })
const ruled = (host: string, ...paths: readonly object[]) => ({ rules: [{ host, http: { paths } }] })
const ingress = (spec: object, annotations = {}) => ({ metadata: { name: 'i', annotations }, spec })
const AT = 'spec.rules[0].http.paths[0]'

test.each<[string, object, readonly (string | RegExp)[]]>([
  ['as it should be', ruled('a.example', path({})), []],
  ['for every host below one', ruled('*.example', path({})), []],
  [
    'without rules',
    {},
    ['spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified'],
  ],
  [
    'for an address',
    ruled('192.0.2.1', path({})),
    [/^spec\.rules\[0\]\.host: .*must be a DNS name, not an IP address$/],
  ],
  ['for no name', ruled('A_b', path({})), [/^spec\.rules\[0\]\.host: .*a lowercase RFC 1123 subdomain/]],
  ['without paths', ruled('a.example'), ['spec.rules[0].http.paths: Required value']],
  [
    'with a path of no type',
    ruled('a.example', path({ pathType: undefined })),
    [`${AT}.pathType: Required value: pathType must be specified`],
  ],
  [
    'with a path of another type',
    ruled('a.example', path({ pathType: 'Regex' })),
    [`${AT}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`],
  ],
  [
    'with a path that goes back',
    ruled('a.example', path({ path: '/a/../b/..' })),
    [
      `${AT}.path: Invalid value: "/a/../b/..": must not contain '/../'`,
      `${AT}.path: Invalid value: "/a/../b/..": cannot end with '/..'`,
    ],
  ],
  [
    'with a path that is none',
    ruled('a.example', path({ path: 'a' })),
    [`${AT}.path: Invalid value: "a": must be an absolute path`],
  ],
  [
    'that leads two ways',
    ruled('a.example', path({ backend: { ...backend, resource: { kind: 'K', name: 'n' } } })),
    [`${AT}.backend: Invalid value: "": cannot set both resource and service backends`],
  ],
  [
    'that leads nowhere',
    ruled('a.example', path({ backend: {} }), path({ backend: { service: { name: 's', port: {} } } })),
    [
      `${AT}.backend: Invalid value: "": resource or service backend is required`,
      'spec.rules[0].http.paths[1].backend: Required value: port name or number is required',
    ],
  ],
  [
    'with a certificate for no name',
    { ...ruled('a.example', path({})), tls: [{ hosts: ['a b'] }] },
    [/^spec\.tls\[0\]\.hosts\[0\]: Invalid value: "a b"/],
  ],
])('an Ingress %s', (_, spec, causes) => {
  const found = toldOf(checkIngress, ingress(spec))
  expect(found).toEqual(causes.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))))
})

test('an Ingress has one class', () => {
  const twice = ingress(
    { ...ruled('a.example', path({})), ingressClassName: 'x' },
    { 'kubernetes.io/ingress.class': 'y' },
  )
  expect(toldOf(checkIngress, twice)).toEqual([
    'annotations.kubernetes.io/ingress.class: Invalid value: "y": must match `ingressClassName` when both are specified',
  ])
})

test('a class has a controller, and parameters somewhere', () => {
  expect(toldOf(checkIngressClass, { spec: {} })).toEqual(['spec.controller: Required value'])
  const parameters = { kind: 'K', name: 'n' }
  const inScope = (more: object) => ({ spec: { controller: 'a.b/c', parameters: { ...parameters, ...more } } })
  expect(toldOf(checkIngressClass, inScope({ scope: 'Cluster' }))).toEqual([])
  expect(toldOf(checkIngressClass, inScope({ scope: 'Namespace' }))).toEqual([
    "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
  ])
  expect(toldOf(checkIngressClass, inScope({ scope: 'X' }))).toEqual([
    'spec.parameters.scope: Unsupported value: "X": supported values: "Cluster", "Namespace"',
  ])
})
