/** The commands that wait for one object: `kubectl delete` until it is gone, `kubectl rollout status` until it is rolled out. */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, type StreamEnded, stream, verbs } from '../../runtime/contract.ts'
import { list, REQUEST_TIMEOUT_MS, remove, succeeded, watch } from '../lib/requests.ts'
import type { ApiAnswered, WatchEvents, WatchFailed } from '../protocol/api.ts'
import type { KubectlCommand, KubectlInput, Named } from '../protocol/kubectl.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { ended, noConnection, type Printed, printed, refusal, TIMED_OUT } from './ending.ts'
import { type Judgement, judged } from './judging.ts'
import { quoted } from './naming.ts'

interface Context extends Printed {
  readonly about: Named
  readonly object: ApiObject | undefined
  readonly resourceVersion: string
  readonly judgement: Judgement
}
type Events = ApiAnswered | CallLost | WatchEvents | WatchFailed | StreamEnded
const { update, ask, when, lasting } = verbs<Context, Events>()

/** Without `--timeout` kubectl waits for a week. */
const PATIENCE_MS = 604_800_000
const UNDECIDED: Judgement = { line: '', over: undefined }

export const kubectlWait = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KubectlInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'pause before asking again': 1_000,
    patience: lasting(({ command }) => timeoutOf(command)),
  },
  guards: {
    'it is to be deleted': when(({ command }) => command.command === 'delete'),
    'nobody waits for its end': when(({ command }) => command.command === 'delete' && !command.wait),
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'it ended well': when(({ judgement }) => judgement.over === 'well'),
    'it ended badly': when(({ judgement }) => judgement.over === 'badly'),
  },
  actions: {
    'delete it': ask(({ apiserver, user, about, command }) => {
      const grace = command.command === 'delete' ? command.gracePeriodSeconds : undefined
      const options = { propagationPolicy: 'Background' as const }
      const more = grace === undefined ? options : { ...options, gracePeriodSeconds: grace }
      return call(apiserver, remove(user, about, more))
    }),
    'print that it is deleted': update((context) =>
      printed(context, `${quoted(context.about.resource, context.about.name)} deleted`),
    ),
    'list it': ask(({ apiserver, user, about }) => call(apiserver, list(user, about, named(about)))),
    'see it as listed': update('api.answered', (_, { list: found }) => ({
      object: found?.objects.values()[0],
      resourceVersion: found?.resourceVersion ?? '',
    })),
    'watch it': ask(({ apiserver, user, about, resourceVersion }) =>
      stream(apiserver, watch(user, about, { ...named(about), resourceVersion }), 'watch'),
    ),
    'close the watch': ask(() => hangUp('watch')),
    'see it as it became': update('watch.events', ({ object }, { changes, resourceVersion }) => {
      const last = changes.at(-1)
      if (last === undefined) return { resourceVersion }
      return { resourceVersion, object: last.type === 'DELETED' ? undefined : (last.object ?? object) }
    }),
    judge: update((context) => {
      const judgement = judged(context.command, context.object, context.about.name)
      const isNews = judgement.line !== '' && judgement.line !== context.judgement.line
      return isNews ? { judgement, ...printed(context, judgement.line) } : { judgement }
    }),
    'print why not': update('api.answered', (context, reply) => printed(context, refusal(reply))),
    'print that the connection broke': update('call.lost', (context, lost) => printed(context, noConnection(lost))),
    'print that it took too long': update((context) => printed(context, TIMED_OUT)),
    'print that patience ran out': update((context) => printed(context, 'error: timed out waiting for the condition')),
    'end well': ask((context) => ended(context, 0)),
    'end badly': ask((context) => ended(context, 1)),
  },
}).createMachine({
  id: 'kubectl-wait',
  description: 'kubectl delete and kubectl rollout status: follow one object until there is nothing more to wait for.',
  context: born((input: KubectlInput) => ({
    ...input,
    lines: [],
    about: aboutOf(input.command),
    object: undefined,
    resourceVersion: '',
    judgement: UNDECIDED,
  })),
  initial: 'working',
  states: {
    working: {
      initial: 'starting',
      after: { patience: { target: 'failed', actions: 'print that patience ran out' } },
      states: {
        starting: { always: [{ guard: 'it is to be deleted', target: 'deleting' }, { target: 'listing' }] },
        deleting: {
          entry: 'delete it',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'deleted', actions: 'print that it is deleted' },
              { target: '#kubectl-wait.failed', actions: 'print why not' },
            ],
            'call.lost': { target: '#kubectl-wait.failed', actions: 'print that the connection broke' },
          },
          after: {
            'request timeout': { target: '#kubectl-wait.failed', actions: 'print that it took too long' },
          },
        },
        deleted: {
          description: 'Marked for deletion: finalizers and grace periods may keep it for a while.',
          always: [{ guard: 'nobody waits for its end', target: '#kubectl-wait.succeeded' }, { target: 'listing' }],
        },
        listing: {
          entry: 'list it',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'judging', actions: 'see it as listed' },
              { target: 'pausing' },
            ],
            'call.lost': 'pausing',
          },
          after: { 'request timeout': 'pausing' },
        },
        judging: {
          entry: 'judge',
          always: [
            { guard: 'it ended well', target: '#kubectl-wait.succeeded' },
            { guard: 'it ended badly', target: '#kubectl-wait.failed' },
            { target: 'watching' },
          ],
        },
        watching: {
          entry: 'watch it',
          exit: 'close the watch',
          on: {
            'watch.events': { target: 'judging', actions: 'see it as it became' },
            'watch.failed': 'pausing',
            'stream.ended': 'pausing',
          },
        },
        pausing: {
          description: 'The connection broke, or its version is gone: asked again in a moment.',
          after: { 'pause before asking again': 'listing' },
        },
      },
    },
    succeeded: { entry: 'end well', type: 'final' },
    failed: { entry: 'end badly', type: 'final' },
  },
})

const named = ({ name }: Named) => ({ fieldSelector: `metadata.name=${name}` })

function aboutOf(command: KubectlCommand): Named {
  if (command.command !== 'delete' && command.command !== 'rollout status')
    throw new Error(`kubectl-wait does not do "${command.command}"`)
  const { resource, namespace, name } = command
  return { resource, name, ...(namespace === undefined ? {} : { namespace }) }
}

const timeoutOf = (command: KubectlCommand): number =>
  ('timeoutMs' in command ? command.timeoutMs : undefined) ?? PATIENCE_MS
