import { expect, test } from 'vitest'
import {
  containerConfig,
  mountsOf,
  podText,
  rootComplaint,
  sandboxConfig,
} from '../../../../../machines/kubelet/pod/container-config.ts'
import { IMAGE, pod } from '../fixtures.ts'

const ADDRESSES = { podIPs: ['10.0.0.1'], hostIP: '192.168.1.1', capacity: {} }

test('a sandbox is told the pod’s name, its labels and its ports', () => {
  const own = pod(
    { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 8080 }] }] },
    { labels: { app: 'web' } },
  )
  expect(sandboxConfig(own, 2)).toMatchObject({
    metadata: { name: 'web', namespace: 'default', uid: 'u1', attempt: 2 },
    hostname: 'web',
    hostNetwork: false,
    labels: { app: 'web', 'io.kubernetes.pod.uid': 'u1' },
    portMappings: [{ protocol: 'TCP', containerPort: 80, hostPort: 8080, hostIp: '' }],
  })
  expect(podText(own)).toBe('web_default(u1)')
})
test('a container is told its command with variables expanded', () => {
  const container = {
    name: 'c',
    image: 'x',
    command: ['a', '$(B)'],
    args: ['$(B)'],
    env: [{ name: 'B', value: '1' }],
    workingDir: '/w',
    stdin: true,
    tty: false,
  }
  const result = containerConfig(pod({ containers: [container] }), container, 3, {}, ADDRESSES)
  expect(result).toMatchObject({
    config: { metadata: { name: 'c', attempt: 3 }, command: ['a', '1'], args: ['1'], workingDir: '/w', stdin: true },
  })
})
test('mounts carry the files that the kubelet knows', () => {
  const container = {
    name: 'c',
    volumeMounts: [
      { name: 'd', mountPath: '/d', readOnly: true, subPath: 's' },
      { name: 'e', mountPath: '/e' },
    ],
  }
  const own = pod(
    {
      containers: [container],
      volumes: [
        { name: 'd', downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        { name: 'e', emptyDir: {} },
      ],
    },
    { labels: { b: '2', a: '1' } },
  )
  expect(mountsOf(own, container, {}, ADDRESSES, {})).toEqual([
    { volume: 'd', containerPath: '/d', readonly: true, subPath: 's', files: { l: 'a="1"\nb="2"' } },
    { volume: 'e', containerPath: '/e', readonly: false },
  ])
})
test('runAsNonRoot is held against the user of the image', () => {
  const own = pod({ securityContext: { runAsNonRoot: true } })
  const c = { name: 'c' }
  const where = '(pod: "web_default(u1)", container: c)'
  expect(rootComplaint(own, c, IMAGE)).toBe(`container has runAsNonRoot and image will run as root ${where}`)
  expect(rootComplaint(own, c, { ...IMAGE, user: 'bob' })).toBe(
    `container has runAsNonRoot and image has non-numeric user (bob), cannot verify user is non-root ${where}`,
  )
  expect(rootComplaint(own, c, { ...IMAGE, user: '7' })).toBeUndefined()
  expect(rootComplaint(own, { name: 'c', securityContext: { runAsUser: 0 } }, IMAGE)).toBe(
    `container's runAsUser breaks non-root policy ${where}`,
  )
  expect(rootComplaint(own, { name: 'c', securityContext: { runAsUser: 5 } }, IMAGE)).toBeUndefined()
  expect(rootComplaint(pod(), c, IMAGE)).toBeUndefined()
})
