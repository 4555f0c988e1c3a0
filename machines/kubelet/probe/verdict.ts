/** What a probe asks, and what its answer says (pkg/kubelet/prober/prober.go, pkg/probe). */
import { type Address, call, type Effect } from '../../../runtime/contract.ts'
import { durationText } from '../../lib/duration.ts'
import type { CriAnswered, CriFailed, CriRequest, ExecResult, ProbeAnswered, ProbeRequest } from '../../protocol/cri.ts'
import type { core } from '../../protocol/objects.ts'
import { portOf } from '../pod/starting.ts'
import { rpcText } from '../pod/syncing.ts'

export interface Target {
  readonly probe: core.Probe
  readonly container: core.Container
  readonly podIP: string
}
export interface Verdict {
  /** An error is no result: it counts neither as success nor as failure. */
  readonly result: 'success' | 'failure' | 'error'
  readonly output: string
}
const SUCCESS: Verdict = { result: 'success', output: '' }
const failure = (output: string): Verdict => ({ result: 'failure', output })

export const timeoutMs = ({ timeoutSeconds = 1 }: core.Probe): number => timeoutSeconds * 1_000
export const periodMs = ({ periodSeconds = 10 }: core.Probe): number => periodSeconds * 1_000

export function question(
  { probe, container }: Target,
  containerId: string,
  to: { readonly runtime: Address; readonly container: Address },
): Effect {
  const { exec, httpGet, tcpSocket, grpc, timeoutSeconds = 1 } = probe
  if (exec !== undefined) {
    const request: CriRequest = {
      type: 'cri.request',
      call: 'ExecSync',
      containerId,
      command: exec.command ?? [],
      timeoutSeconds,
    }
    return call(to.runtime, request, 'probe')
  }
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? 0
  const request: ProbeRequest = {
    type: 'probe.request',
    kind: httpGet !== undefined ? 'http' : tcpSocket !== undefined ? 'tcp' : 'grpc',
    port: portOf(port, container),
    ...(httpGet === undefined ? {} : httpParts(httpGet)),
    ...(grpc?.service === undefined ? {} : { service: grpc.service }),
  }
  return call(to.container, request, 'probe')
}
const httpParts = ({ path = '/', scheme = 'HTTP', host, httpHeaders }: core.HTTPGetAction) => ({
  path,
  scheme: scheme as 'HTTP' | 'HTTPS',
  ...(host === undefined ? {} : { host }),
  ...(httpHeaders === undefined ? {} : { headers: httpHeaders }),
})

/** Of an answer, or of a broken connection: nobody listens in a container that is gone. */
export function verdictOn(
  target: Target,
  event: CriAnswered | CriFailed | ProbeAnswered | { type: 'call.lost' },
): Verdict {
  if (event.type === 'cri.answered') return ofExec((event as CriAnswered).reply as ExecResult)
  if (event.type === 'cri.failed') return ofFailure(target, event as CriFailed)
  if (event.type !== 'call.lost') return ofAnswer(target, event as ProbeAnswered)
  if (target.probe.exec === undefined) return ofAnswer(target, { type: 'probe.answered', error: 'connection refused' })
  return { result: 'error', output: rpcText({ code: 'Unavailable', error: 'connection refused' }) }
}

const ofExec = ({ exitCode, stdout, stderr }: ExecResult): Verdict =>
  exitCode === 0 ? SUCCESS : failure(`${stdout}${stderr}`)

function ofFailure({ probe }: Target, failed: CriFailed): Verdict {
  if (failed.code !== 'DeadlineExceeded') return { result: 'error', output: rpcText(failed) }
  const command = (probe.exec?.command ?? []).join(' ')
  return failure(`command timed out: "${command}" timed out after ${durationText(timeoutMs(probe))}`)
}

function ofAnswer(target: Target, answer: ProbeAnswered): Verdict {
  const { probe } = target
  if (answer.error !== undefined) return failure(dialText(target, `connect: ${answer.error}`))
  if (probe.httpGet !== undefined) {
    const { statusCode = 0 } = answer
    const good = statusCode >= 200 && statusCode < 400
    return good ? SUCCESS : failure(`HTTP probe failed with statuscode: ${statusCode}`)
  }
  if (probe.grpc === undefined || answer.serving === 'SERVING') return SUCCESS
  return failure(`service unhealthy (responded with "${answer.serving}")`)
}

const placeOf = ({ probe, container, podIP }: Target): string => {
  const { httpGet, tcpSocket, grpc } = probe
  const port = portOf(httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? 0, container)
  return `${httpGet?.host ?? tcpSocket?.host ?? podIP}:${port}`
}
const urlOf = (target: Target): string => {
  const { path = '/', scheme = 'HTTP' } = target.probe.httpGet ?? {}
  return `${scheme.toLowerCase()}://${placeOf(target)}${path}`
}

function dialText(target: Target, error: string): string {
  const place = placeOf(target)
  if (target.probe.httpGet !== undefined) return `Get "${urlOf(target)}": dial tcp ${place}: ${error}`
  if (target.probe.tcpSocket !== undefined) return `dial tcp ${place}: ${error}`
  return grpcTimeout(target, `connection error: desc = "transport: Error while dialing: dial tcp ${place}: ${error}"`)
}
const grpcTimeout = (target: Target, error: string): string =>
  `timeout: failed to connect service "${placeOf(target)}" within ${durationText(timeoutMs(target.probe))}: ${error}`

/** Nobody answered within the probe's time-out. */
export function silence(target: Target): Verdict {
  if (target.probe.httpGet !== undefined) {
    const text = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    return failure(`Get "${urlOf(target)}": ${text}`)
  }
  if (target.probe.tcpSocket !== undefined) return failure(`dial tcp ${placeOf(target)}: i/o timeout`)
  if (target.probe.grpc !== undefined) return failure(grpcTimeout(target, 'context deadline exceeded'))
  return ofFailure(target, { type: 'cri.failed', code: 'DeadlineExceeded', error: '' })
}
