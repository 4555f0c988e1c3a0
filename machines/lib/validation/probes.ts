/** Rules for probes and lifecycle handlers. */
import type { core } from '../../protocol/objects.ts'
import { complain, type Found, forbidden, invalid, nonNegative, notSupported, required } from './causes.ts'
import { portName, portNumber } from './formats.ts'

type Handler = Omit<core.Probe, 'initialDelaySeconds'> & { readonly sleep?: { readonly seconds: number } }

export function checkPort(found: Found, field: string, port: number | string | undefined): void {
  complain(found, field, port, typeof port === 'string' ? portName(port) : portNumber(port ?? 0))
}

const KINDS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const

/** validateHandler: exactly one way to do it. */
export function checkHandler(found: Found, field: string, handler: Handler, graceSeconds: number | undefined): void {
  const given = KINDS.filter((kind) => handler[kind] !== undefined)
  if (given.length === 0) found.push(required(field, 'must specify a handler type'))
  for (const [i, kind] of given.entries()) {
    if (i > 0) found.push(forbidden(`${field}.${kind}`, 'may not specify more than 1 handler type'))
    else checkAction(found, `${field}.${kind}`, handler, graceSeconds)
  }
}

function checkAction(
  found: Found,
  field: string,
  { exec, httpGet, tcpSocket, grpc, sleep }: Handler,
  graceSeconds: number | undefined,
): void {
  if (exec !== undefined) {
    if ((exec.command ?? []).length === 0) found.push(required(`${field}.command`))
  } else if (httpGet !== undefined) checkHttp(found, field, httpGet)
  else if (tcpSocket !== undefined) checkPort(found, `${field}.port`, tcpSocket.port)
  else if (grpc !== undefined) checkPort(found, `${field}.port`, grpc.port)
  else if (sleep !== undefined && graceSeconds !== undefined && (sleep.seconds <= 0 || sleep.seconds > graceSeconds)) {
    const detail = `must be greater than 0 and less than terminationGracePeriodSeconds (${graceSeconds}). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`
    found.push(invalid(field, sleep.seconds, detail))
  }
}

function checkHttp(
  found: Found,
  field: string,
  { path, port, scheme = '', httpHeaders = [] }: core.HTTPGetAction,
): void {
  if (!path) found.push(required(`${field}.path`))
  checkPort(found, `${field}.port`, port)
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') found.push(notSupported(`${field}.scheme`, scheme, ['HTTP', 'HTTPS']))
  for (const { name } of httpHeaders) {
    if (!/^[-A-Za-z0-9]+$/.test(name)) found.push(invalid(`${field}.httpHeaders`, name, BAD_HEADER))
  }
}
const BAD_HEADER =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"

export function checkProbes(
  found: Found,
  field: string,
  container: core.Container,
  graceSeconds: number | undefined,
): void {
  const { livenessProbe, readinessProbe, startupProbe } = container
  if (livenessProbe !== undefined) {
    checkProbe(found, `${field}.livenessProbe`, livenessProbe, graceSeconds)
    checkOnce(found, `${field}.livenessProbe`, livenessProbe)
  }
  if (readinessProbe !== undefined) {
    checkProbe(found, `${field}.readinessProbe`, readinessProbe, graceSeconds)
    const grace = readinessProbe.terminationGracePeriodSeconds
    if (grace !== undefined) {
      found.push(
        invalid(`${field}.readinessProbe.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'),
      )
    }
  }
  if (startupProbe !== undefined) {
    checkProbe(found, `${field}.startupProbe`, startupProbe, graceSeconds)
    checkOnce(found, `${field}.startupProbe`, startupProbe)
  }
}

/** Liveness and startup succeed at the first success. */
function checkOnce(found: Found, field: string, { successThreshold }: core.Probe): void {
  if (successThreshold !== 1) found.push(invalid(`${field}.successThreshold`, successThreshold ?? 0, 'must be 1'))
}

function checkProbe(found: Found, field: string, probe: core.Probe, graceSeconds: number | undefined): void {
  checkHandler(found, field, probe, graceSeconds)
  for (const name of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    nonNegative(found, `${field}.${name}`, probe[name])
  }
  const grace = probe.terminationGracePeriodSeconds
  if (grace !== undefined && grace <= 0) {
    found.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  }
}

export function checkLifecycle(
  found: Found,
  field: string,
  lifecycle: core.Lifecycle | undefined,
  graceSeconds: number | undefined,
): void {
  if (lifecycle?.postStart !== undefined) checkHandler(found, `${field}.postStart`, lifecycle.postStart, graceSeconds)
  if (lifecycle?.preStop !== undefined) checkHandler(found, `${field}.preStop`, lifecycle.preStop, graceSeconds)
}
