/**
 * The first door: the real kubectl v1.32 against a live cluster, one story after another on one server. What it prints is
 * kubectl's own; that it prints it says that discovery, Tables, watches, patches and protobuf bodies are as it expects.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { needs } from '../kit/needs.ts'
import { hasKubectl, Session } from './kubectl.ts'

const isThere = hasKubectl()
let kubectl: Session

beforeAll(async () => {
  if (isThere) kubectl = await Session.begin('10x')
})
afterAll(() => {
  if (isThere) kubectl.end()
})
beforeEach((context) => needs(context, 'kubectl v1.32', isThere))

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: nginx, image: 'nginx:1.27' }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`

describe('what the cluster is', () => {
  test('version, api-resources and cluster-info are told by discovery', async () => {
    expect(await kubectl.print('version')).toContain('Server Version: v1.32.5')
    const resources = await kubectl.print('api-resources')
    expect(resources).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m)
    expect(await kubectl.print('api-versions')).toContain('apps/v1\n')
  })
  test('explain knows every field', async () => {
    expect(await kubectl.print('explain deployment.spec.strategy')).toMatch(/enum: Recreate, RollingUpdate/)
    expect(await kubectl.print('explain pod.spec.containers --recursive')).toContain('livenessProbe')
  })
  test('get shows nodes, plainly and wide', async () => {
    expect(await kubectl.print('get nodes')).toMatch(/^node-1 +Ready +<none> +\d+[sm]\w* +v1\.32\.5$/m)
    expect(await kubectl.print('get nodes -o wide')).toMatch(/^node-1 .* 192\.168\.1\.1 .* containerd:\/\/1\.6\.20$/m)
  })
  test('describe tells of a node', async () => {
    expect(await kubectl.print('describe node node-1')).toMatch(/Ready +True .* kubelet is posting ready status/)
  })
})

describe('imperative creations, in protobuf', () => {
  test('a namespace, a ConfigMap and a Deployment are created', async () => {
    expect(await kubectl.print('create namespace lab')).toBe('namespace/lab created\n')
    expect(await kubectl.print('create configmap conf --from-literal=a=b -n lab')).toBe('configmap/conf created\n')
    expect(await kubectl.print('get configmap conf -n lab -o jsonpath={.data.a}')).toBe('b')
    expect(await kubectl.print('create deployment made --image=nginx --replicas=1 -n lab')).toContain('created')
    expect(await kubectl.print('rollout status deployment/made -n lab')).toContain('successfully rolled out')
  })
  test('a namespace is deleted with all that is in it', async () => {
    expect(await kubectl.print('delete namespace lab')).toBe('namespace "lab" deleted\n')
    expect((await kubectl.run('get namespace lab')).err).toContain('namespaces "lab" not found')
  })
})

describe('the life of a Deployment', () => {
  test('apply creates, and then finds nothing to change', async () => {
    const file = kubectl.file('web.yaml', WEB)
    expect(await kubectl.print(['apply', '-f', file])).toBe('deployment.apps/web created\nservice/web created\n')
    expect(await kubectl.print(['apply', '-f', file])).toBe('deployment.apps/web unchanged\nservice/web unchanged\n')
  })
  test('a field that does not exist is refused', async () => {
    const file = kubectl.file('bad.yaml', WEB.replace('replicas: 2', 'replica: 2'))
    expect((await kubectl.run(['apply', '-f', file])).err).toContain(
      'strict decoding error: unknown field "spec.replica"',
    )
  })
  test('wait and rollout status end when it is available', async () => {
    expect(await kubectl.print('wait --for=condition=Available deployment/web --timeout=60s')).toContain('met')
    expect(await kubectl.print('rollout status deployment/web')).toContain('successfully rolled out')
  })
  test('get prints it as a table, as YAML and as JSON', async () => {
    expect(await kubectl.print('get deployment web')).toMatch(/^web +2\/2 +2 +2 /m)
    expect(await kubectl.print('get deployment web -o yaml')).toContain('  name: web\n')
    const { items } = JSON.parse(await kubectl.print('get pods -l app=web -o json')) as { items: { kind: string }[] }
    expect(items.map(({ kind }) => kind)).toEqual(['Pod', 'Pod'])
    expect(await kubectl.print('get pods -o wide')).toMatch(/10\.244\.\d+\.\d+ +node-\d/)
  })
  test('get -w goes on telling, while scale makes something to tell', async () => {
    const watching = kubectl.run('get deployment web -w', 4_000)
    await new Promise((done) => setTimeout(done, 600))
    expect(await kubectl.print('scale deployment/web --replicas=4')).toBe('deployment.apps/web scaled\n')
    const lines = (await watching).out.trim().split('\n')
    expect(lines[0]).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE$/)
    expect(lines.filter((line) => line.startsWith('NAME'))).toHaveLength(1)
    expect(lines.at(-1)).toMatch(/^web +4\/4 +4 +4 /)
  })
  test('set image rolls out, history tells of it, undo takes it back', async () => {
    expect(await kubectl.print('set image deployment/web nginx=nginx:1.28')).toContain('image updated')
    expect(await kubectl.print('rollout status deployment/web')).toContain('successfully rolled out')
    expect(await kubectl.print('rollout history deployment/web')).toMatch(/^1 .*\n2 /m)
    expect(await kubectl.print('rollout undo deployment/web')).toBe('deployment.apps/web rolled back\n')
    expect(await kubectl.print('rollout status deployment/web')).toContain('successfully rolled out')
    const image = 'get deployment web -o jsonpath={.spec.template.spec.containers[0].image}'
    expect(await kubectl.print(image)).toBe('nginx:1.27')
  })
  test('label and annotate patch it', async () => {
    expect(await kubectl.print('label deployment/web tier=front')).toContain('labeled')
    expect(await kubectl.print('annotate deployment/web note=hello')).toContain('annotated')
    expect(await kubectl.print('get deployments -l tier=front -o name')).toBe('deployment.apps/web\n')
  })
  test('describe and get events tell what happened', async () => {
    expect(await kubectl.print('describe deployment web')).toMatch(/Normal +ScalingReplicaSet .* Scaled up replica set/)
    expect(await kubectl.print('describe pods -l app=web')).toMatch(/Normal +Started .* Started container nginx/)
    expect(await kubectl.print('get events')).toMatch(/Successfully assigned default\/web-/)
    expect(await kubectl.print('events')).toContain('ScalingReplicaSet')
  })
})

describe('logs', () => {
  test('are read, and followed until the container ends', async () => {
    const shell = ['--', 'sh', '-c', 'echo one; sleep 100; echo two']
    await kubectl.print(['run', 'talker', '--image=busybox', '--restart=Never', ...shell])
    await kubectl.print('wait --for=condition=Ready pod/talker --timeout=60s')
    // However slow kubectl is: it does not write its second line meanwhile.
    kubectl.door.live.speed = 'paused'
    expect(await kubectl.print('logs talker')).toBe('one\n')
    kubectl.door.live.speed = { times: 100 }
    expect(await kubectl.print('logs -f talker')).toBe('one\ntwo\n')
    kubectl.door.live.speed = { times: 10 }
    expect(await kubectl.print('logs talker --tail=1 --timestamps')).toMatch(/^20\S+Z two\n$/)
  })
  test('of what does not exist are refused', async () => {
    expect((await kubectl.run('logs talker -c nobody')).err).toContain('container nobody is not valid for pod talker')
  })
})

describe('nodes', () => {
  test('cordon keeps pods away, drain takes them off, uncordon lets them come', async () => {
    expect(await kubectl.print('cordon node-1')).toBe('node/node-1 cordoned\n')
    expect(await kubectl.print('get nodes')).toMatch(/^node-1 +Ready,SchedulingDisabled /m)
    expect(await kubectl.print('drain node-2 --ignore-daemonsets --force')).toMatch(/node\/node-2 drained\n$/)
    const left = await kubectl.print('get pods -o name --field-selector spec.nodeName=node-2,status.phase=Running')
    expect(left).toBe('')
    expect(await kubectl.print('uncordon node-1')).toBe('node/node-1 uncordoned\n')
  })
})

describe('a budget of replicas', () => {
  const one = '-l app=guarded -o jsonpath={.items[0].spec.nodeName}'
  test('is created, and get and describe tell how many pods may go', async () => {
    await kubectl.print('create deployment guarded --image=nginx:1.27')
    expect(await kubectl.print('create pdb guarded --selector=app=guarded --min-available=1')).toBe(
      'poddisruptionbudget.policy/guarded created\n',
    )
    await kubectl.print('wait --for=condition=Available deployment/guarded --timeout=60s')
    expect(await kubectl.print('get pdb')).toMatch(
      /^NAME +MIN AVAILABLE +MAX UNAVAILABLE +ALLOWED DISRUPTIONS +AGE\nguarded +1 +N\/A +0 +\d+s\n$/,
    )
    const described = await kubectl.print('describe pdb guarded')
    expect(described).toMatch(/^Min available: +1\nSelector: +app=guarded\nStatus:\n/m)
    expect(described).toMatch(/Allowed disruptions: +0\n +Current: +1\n +Desired: +1\n +Total: +1\n/)
  })
  test('holds a drain up, which asks again every five seconds until another replica is there', async () => {
    const node = await kubectl.print(`get pods ${one}`)
    const draining = kubectl.run(`drain ${node} --ignore-daemonsets --force --pod-selector=app=guarded`)
    await new Promise((done) => setTimeout(done, 1_500))
    await kubectl.print('scale deployment/guarded --replicas=2')
    const { code, out, err } = await draining
    expect(code).toBe(0)
    expect(err).toMatch(
      /^error when evicting pods\/"guarded-\S+" -n "default" \(will retry after 5s\): Cannot evict pod as it would violate the pod's disruption budget\.$/m,
    )
    expect(out.match(/^evicting pod default\/guarded-/gm)).toHaveLength(2)
    expect(out).toMatch(/^pod\/guarded-\S+ evicted\nnode\/\S+ drained\n$/m)
    await kubectl.print(`uncordon ${node}`)
  })
})

describe('the end', () => {
  test('delete waits until it is gone', async () => {
    expect(await kubectl.print('delete deployment web')).toBe('deployment.apps "web" deleted\n')
    expect(await kubectl.print('wait --for=delete pod -l app=web --timeout=60s')).toBeDefined()
    expect((await kubectl.run('get deployment web')).err).toBe(
      'Error from server (NotFound): deployments.apps "web" not found\n',
    )
  })
})
