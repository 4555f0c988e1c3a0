import { describe, expect, test } from 'vitest'
import { podInfoOf, termMatches } from '../../../../machines/scheduler/pod-info.ts'
import { pod } from './cluster.ts'

const term = (more: object = {}) => ({ topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } }, ...more })
const antiAffine = (...terms: object[]) =>
  podInfoOf(
    pod('a', {
      spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } },
    } as object),
  )
const web = (namespace: string) => podInfoOf(pod('web', { metadata: { namespace, labels: { app: 'web' } } } as object))

describe('what scheduling needs of a pod', () => {
  test('is worked out once', () => {
    const one = pod('a')
    expect(podInfoOf(one)).toBe(podInfoOf(one))
  })
  test('a term is about the own namespace, unless it names or selects others', () => {
    const matches = (more: object, namespace: string, labels?: Record<string, string>) => {
      const [its] = antiAffine(term(more)).requiredAntiAffinity
      return its !== undefined && termMatches(its, web(namespace), labels)
    }
    expect([matches({}, 'default'), matches({}, 'other')]).toEqual([true, false])
    expect([matches({ namespaces: ['other'] }, 'default'), matches({ namespaces: ['other'] }, 'other')]).toEqual([
      false,
      true,
    ])
    const selecting = { namespaceSelector: { matchLabels: { env: 'prod' } } }
    expect([matches(selecting, 'x', { env: 'prod' }), matches(selecting, 'x', {}), matches(selecting, 'x')]).toEqual([
      true,
      false,
      false,
    ])
    expect(matches({ namespaceSelector: {} }, 'anywhere')).toBe(true)
  })
  test('weights stay with preferred terms', () => {
    const preferred = [{ weight: 7, podAffinityTerm: term() }]
    const affinity = { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } }
    expect(podInfoOf(pod('a', { spec: { affinity } } as object)).preferredAffinity[0]?.weight).toBe(7)
  })
  test('host ports are those of containers alone', () => {
    const ports = [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }]
    const spec = { containers: [{ name: 'c', ports }], initContainers: [{ name: 'i', restartPolicy: 'Always', ports }] }
    expect(podInfoOf(pod('a', { spec } as object)).hostPorts).toEqual([{ ip: '0.0.0.0', protocol: 'TCP', port: 8080 }])
  })
})
