/** Hooks, restarts and probes of a pod that runs. */
import { describe, expect, test } from 'vitest'
import type { core } from '../../../../../machines/protocol/objects.ts'
import { answered, container, DAY, exited, failed, IMAGE, lost, pod, running, sandbox } from '../fixtures.ts'
import { asked, begin, calls, messages, reasons, relisted, seconds, started, told, up, type Worker } from './start.ts'

export default (): void => {
  describe('postStart hooks', () => {
    const hooked = (postStart: core.LifecycleHandler) =>
      started(begin(pod({ containers: [{ name: 'c', image: 'nginx:1', lifecycle: { postStart } }] })))
    const exec = { exec: { command: ['x'] } }
    test('a hook that only sleeps holds everything for so long', () => {
      const chart = hooked({ sleep: { seconds: 3 } })
      expect(chart.state).toBe('syncing.startingContainer.runningHook.sleeping')
      expect(chart.after('hook sleep').state).toBe('resting')
    })
    test('a command that succeeds lets the sync go on', () => {
      const chart = hooked(exec)
      expect(calls(chart)).toEqual(['ExecSync'])
      expect(chart.on(answered({ exitCode: 0, stdout: '', stderr: '' })).state).toBe('resting')
    })
    test('a request that succeeds too', () => {
      const chart = hooked({ httpGet: { port: 80, path: '/x' } })
      expect(asked(chart.asked, 'probe.request')).toHaveLength(1)
      expect(chart.on({ type: 'probe.answered', statusCode: 200 }).state).toBe('resting')
      expect(chart.on({ type: 'probe.answered', error: 'connection refused' }).state).toBe(
        'syncing.startingContainer.runningHook.killing',
      )
    })
    test.each([answered({ exitCode: 5, stdout: 'bad\n', stderr: '' }), failed('no such file'), lost('runtime')])(
      'a hook that fails has its container killed',
      (event) => {
        const chart = hooked(exec).on(event)
        expect(reasons(chart)).toEqual(['FailedPostStartHook', 'Killing'])
        const killed = chart.on({ type: 'container.killed', name: 'c' })
        expect(killed.state).toBe('backingOff')
        expect(killed.context.startErrors['c']?.reason).toBe('PostStartHookError')
        expect(killed.context.startErrors['c']?.message).toContain('Exec lifecycle hook ([x])')
      },
    )
  })

  describe('restarting', () => {
    const crashed = (attempt: number) =>
      relisted({ sandboxes: [], containers: [exited(1, { attempt, finishedAt: DAY + 2_000 })] })
    test('the first crash is restarted at once, the second backs off', () => {
      const once = up().on(crashed(0), seconds(3))
      expect(once.state).toBe('syncing.startingContainer.lookingForImage')
      expect(told(once).status.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(1)
      const again = once
        .on(answered({ image: IMAGE }))
        .on(answered({ containerId: 'c1' }))
        .on(answered())
        .on(relisted({ sandboxes: [], containers: [exited(1, { attempt: 1, finishedAt: DAY + 3_500 })] }), seconds(4))
      expect(again.state).toBe('backingOff')
      expect(messages(again)).toEqual(['Back-off restarting failed container c in pod web_default(u1)'])
      expect(asked(again.asked, 'remains.unwanted')[0]).toMatchObject({ containers: ['c0'] })
      const next = again.after('until the next sync', seconds(30))
      expect(next.state).toBe('syncing.startingContainer.lookingForImage')
      expect(told(next).status.containerStatuses?.[0]).toMatchObject({
        restartCount: 1,
        state: {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: 'back-off 10s restarting failed container=c pod=web_default(u1)',
          },
        },
      })
    })

    test('a failed liveness probe kills and starts again in one sync', () => {
      const probing = pod({
        containers: [{ name: 'c', image: 'nginx:1', livenessProbe: { exec: { command: ['x'] } } }],
      })
      expect(
        begin(probing)
          .did('spawn')
          .map(({ machine }) => machine),
      ).toEqual(['probe-worker'])
      const chart = up(probing).on(
        { type: 'probe.resulted', containerId: 'c0', kind: 'liveness', result: 'failure' },
        seconds(9),
      )
      expect(chart.state).toBe('syncing.killing')
      expect(messages(chart)).toEqual(['Container c failed liveness probe, will be restarted'])
      expect(chart.did('spawn')[0]?.address).toBe('container-killer/node-1/default/web/c')
      expect(chart.on({ type: 'container.killed', name: 'c' }).state).toBe('syncing.startingContainer.lookingForImage')
    })

    test('a sandbox that died is made anew, after what is left was killed', () => {
      const chart = up().on(relisted({ sandboxes: [sandbox('NOTREADY')], containers: [] }), seconds(3))
      expect(chart.state).toBe('syncing.killing')
      const anew = chart.on({ type: 'container.killed', name: 'c' })
      expect(anew.state).toBe('syncing.makingSandbox')
      expect(reasons(anew)).toEqual(['SandboxChanged'])
    })

    const sidecar = pod({
      restartPolicy: 'Never',
      initContainers: [{ name: 's', image: 'x', restartPolicy: 'Always' }],
    })
    const done = () => begin(sidecar, { found: running(exited(0), container({ name: 's' })) })
    test('when the containers are done the sidecars are killed, then the sandbox is taken down', () => {
      const chart = done()
      expect(chart.state).toBe('syncing.killing')
      const killed = chart.on({ type: 'container.killed', name: 's' })
      expect(killed.state).toBe('syncing.stoppingSandbox')
      expect(killed.on(answered()).state).toBe('resting')
    })
    test.each([
      (chart: Worker) => chart.on(failed('busy')),
      (chart: Worker) => chart.on(lost('runtime')),
      (chart: Worker) => chart.after('runtime request timeout'),
    ])('a sandbox that cannot be taken down fails the sync', (go) => {
      expect(go(done().on({ type: 'container.killed', name: 's' })).state).toBe('backingOff')
    })
  })

  describe('probes', () => {
    const probing = pod({
      containers: [{ name: 'c', image: 'nginx:1', readinessProbe: { tcpSocket: { port: 80 } }, startupProbe: {} }],
    })
    test('a startup that settled is written at once and shown to the other probes', () => {
      const chart = up(probing).on({ type: 'probe.resulted', containerId: 'c0', kind: 'startup', result: 'success' })
      expect(told(chart).status.containerStatuses?.[0]?.started).toBe(true)
      expect(asked(chart.asked, 'container.seen').length).toBeGreaterThan(0)
      const ready = chart.on(
        { type: 'probe.resulted', containerId: 'c0', kind: 'readiness', result: 'success' },
        seconds(3),
      )
      expect(ready.context.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True')
    })
  })
}
