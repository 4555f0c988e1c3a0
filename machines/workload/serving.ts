/** How a container answers those who dial into it. */
import { answer, type Decided, type Effect } from '../../runtime/contract.ts'
import type { ProbeAnswered, ProbeRequest } from '../protocol/cri.ts'
import type { HttpAnswered } from '../protocol/network.ts'
import { healthAt, statusOf } from './behaviour.ts'
import { type Asker, type Life, standing, took } from './life.ts'
import { connected } from './shell/shell.ts'

/** What comes back of a connection; silence when it is taken and nothing is said. */
type Response =
  | { readonly status: number | undefined; readonly body: string; readonly isWell: boolean }
  | 'silence'
  | 'refused'

const REFUSED = 'connection refused'

export function probed(life: Life, asker: Asker, probe: ProbeRequest, at: number): Decided<Life> {
  const [change, response, effects] = dialled(life, probe.port, probe.path ?? '/', at)
  const told = probeAnswer(probe.kind, response)
  return [change, told === undefined ? effects : [...effects, answer(asker.from, asker.call, told)]]
}

export function requested(life: Life, asker: Asker, port: number, path: string, at: number): Decided<Life> {
  const [change, response, effects] = dialled(life, port, path, at)
  if (response === 'silence') return [change, effects]
  const told: HttpAnswered =
    response === 'refused'
      ? { type: 'http.answered', status: 0, body: '' }
      : { type: 'http.answered', status: response.status ?? 200, body: response.body }
  return [change, [...effects, answer(asker.from, asker.call, told)]]
}

/** Nothing listens in a container that does not run. */
export const refusedProbe: ProbeAnswered = { type: 'probe.answered', error: REFUSED }

function dialled(
  life: Life,
  port: number,
  path: string,
  at: number,
): readonly [Partial<Life>, Response, readonly Effect[]] {
  const { program, startedAt } = life
  if (program.runs === 'script') {
    const [shell, yielded, served] = connected(standing(life, at), at, port, path)
    const [change, effects] = took(life, [shell, yielded], at)
    const response = served === undefined ? 'refused' : served === 'silence' ? served : { ...served, isWell: true }
    return [change, response, effects as readonly Effect[]]
  }
  const health = healthAt(program.conduct, at - startedAt)
  const status = statusOf(program.conduct, port, path)
  if (health === 'deaf' || status === undefined) return [{}, 'refused', []]
  if (health === 'silent') return [{}, 'silence', []]
  const isWell = health === 'well'
  return [{}, { status: isWell ? status : 500, body: isWell ? 'ok' : 'failing', isWell }, []]
}

function probeAnswer(kind: ProbeRequest['kind'], response: Response): ProbeAnswered | undefined {
  if (response === 'refused') return refusedProbe
  if (kind === 'tcp') return { type: 'probe.answered' }
  if (response === 'silence') return undefined
  if (kind === 'grpc') return { type: 'probe.answered', serving: response.isWell ? 'SERVING' : 'NOT_SERVING' }
  if (response.status === undefined) return { type: 'probe.answered', error: 'EOF' }
  return { type: 'probe.answered', statusCode: response.status, body: response.body }
}
