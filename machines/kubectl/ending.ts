/** How every kubectl command ends: what it printed, its exit code, and the words of what went wrong. */
import { type CallLost, type Send, send } from '../../runtime/contract.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { KubectlFinished, KubectlInput } from '../protocol/kubectl.ts'

/** What a command has printed so far. */
export interface Printed extends KubectlInput {
  readonly lines: readonly string[]
}

export const ended = ({ tell, lines }: Printed, code: number): Send =>
  send(tell, { type: 'kubectl.finished', code, lines } satisfies KubectlFinished)

export const printed = ({ lines }: Printed, line: string): { readonly lines: readonly string[] } => ({
  lines: [...lines, line],
})

/** `Error from server (NotFound): deployments.apps "web" not found` (kubectl/pkg/cmd/util: checkErr, StandardErrorMessage). */
export function refusal({ status }: ApiAnswered): string {
  const { reason = '', message = '', details } = status ?? {}
  const causes = new Set(details?.causes?.map((cause) => `${cause.field}: ${cause.message}`))
  if (reason === 'Invalid' && causes.size > 0)
    return multiline(`The ${details?.kind} "${details?.name}" is invalid: `, causes)
  return reason === '' ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`
}

/** util.MultilineError: one on the same line, several below it. */
const multiline = (prefix: string, all: ReadonlySet<string>): string =>
  all.size === 1 ? prefix + [...all].join('') : [prefix, ...[...all].map((each) => `* ${each}`)].join('\n')

export const noConnection = ({ reason }: CallLost): string =>
  reason === 'refused'
    ? 'The connection to the server was refused - did you specify the right host or port?'
    : 'Unable to connect to the server: EOF'

/** Go's client gives up waiting for headers. */
export const TIMED_OUT = 'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded)'
