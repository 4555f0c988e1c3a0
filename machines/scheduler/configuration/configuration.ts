/**
 * KubeSchedulerConfiguration v1 as users write it, read into what the scheduler is born with
 * (apis/config/v1 for defaults, apis/config/validation for what is refused).
 */
import type { SchedulerInput } from '../cycle.ts'
import { DEFAULT_ARGS, type PluginArgs, type Profile } from '../profile.ts'
import { extendersAt, withIgnored } from './extenders.ts'
import { READERS } from './plugin-args.ts'
import { pluginsAt } from './plugin-sets.ts'
import { type Problem, Reading } from './reading.ts'

export type Configuration = Required<Pick<SchedulerInput, 'profiles' | 'client' | 'backOff' | 'extenders'>>
export type Read =
  | { readonly configuration: Configuration; readonly problems: readonly [] }
  | { readonly configuration: undefined; readonly problems: readonly Problem[] }

const API_VERSION = 'kubescheduler.config.k8s.io/v1'
const KIND = 'KubeSchedulerConfiguration'

/**
 * @param written the YAML, parsed. Nothing is used of it when anything is wrong: all problems are told, with their paths.
 * @param permitPlugins names of one's own Permit plugins, which profiles may enable
 */
export function readConfiguration(written: unknown, permitPlugins: readonly string[] = []): Read {
  const problems: Problem[] = []
  const configuration = configurationAt(new Reading(written, problems), permitPlugins)
  return problems.length === 0 ? { configuration, problems: [] } : { configuration: undefined, problems }
}

function configurationAt(at: Reading, own: readonly string[]): Configuration {
  at.knows('apiVersion', 'kind', ...FIELDS)
  if (at.at('apiVersion').value !== API_VERSION || at.at('kind').value !== KIND)
    at.wrong(`expected apiVersion ${API_VERSION} and kind ${KIND}`)
  at.at('parallelism').within(1, Number.MAX_SAFE_INTEGER, 'should be an integer value greater than zero', 16)
  const extenders = extendersAt(at.at('extenders'))
  const profiles = profilesAt(at, own).map((profile) => withIgnored(profile, extenders))
  return { profiles, client: clientAt(at.at('clientConnection')), backOff: backOffAt(at), extenders }
}
const FIELDS = [
  'parallelism',
  'leaderElection',
  'clientConnection',
  'enableProfiling',
  'enableContentionProfiling',
  'percentageOfNodesToScore',
  'podInitialBackoffSeconds',
  'podMaxBackoffSeconds',
  'profiles',
  'extenders',
  'delayCacheUntilActive',
]

function clientAt(at: Reading): Configuration['client'] {
  at.knows('kubeconfig', 'acceptContentTypes', 'contentType', 'qps', 'burst')
  if (at.at('burst').whole(100) < 0) at.at('burst').invalid('must be non-negative')
  return { qps: at.at('qps').number(50) || 50, burst: at.at('burst').whole(100) || 100 }
}

function backOffAt(at: Reading): Configuration['backOff'] {
  const [initial, most] = [at.at('podInitialBackoffSeconds'), at.at('podMaxBackoffSeconds')]
  const initialSeconds = initial.within(1, Number.MAX_SAFE_INTEGER, 'must be greater than 0', 1)
  const rule = 'must be greater than or equal to PodInitialBackoffSeconds'
  const maxSeconds = most.within(initialSeconds, Number.MAX_SAFE_INTEGER, rule, 10)
  return { initialMs: initialSeconds * 1_000, maxMs: maxSeconds * 1_000 }
}

/** Without any, there is the default one. */
function profilesAt(at: Reading, own: readonly string[]): readonly Profile[] {
  const share = shareAt(at.at('percentageOfNodesToScore'), 0)
  const profiles = at.at('profiles')
  const listed = profiles.items()
  if (Array.isArray(profiles.value) && listed.length === 0) profiles.wrong('Required value')
  const written = profiles.isThere ? listed : [profiles]
  const read = written.map((profile) => profileAt(profile, share, written.length, own))
  const seen = new Map<string, number>()
  read.forEach(({ schedulerName, plugins }, i) => {
    const [first, own] = [seen.get(schedulerName), written[i] as Reading]
    if (first !== undefined) own.at('schedulerName').wrong(`Duplicate value: "profiles[${first}].schedulerName"`)
    else seen.set(schedulerName, i)
    if (plugins.queueSort[0]?.name !== read[0]?.plugins.queueSort[0]?.name)
      own.at('plugins').at('queueSort').wrong('queueSort must be the same for all profiles')
  })
  return read
}

function profileAt(at: Reading, share: number, profiles: number, own: readonly string[]): Profile {
  at.knows('schedulerName', 'percentageOfNodesToScore', 'plugins', 'pluginConfig')
  const name = at.at('schedulerName')
  // Only a profile that is alone has a name by itself.
  const schedulerName = name.text(profiles === 1 ? 'default-scheduler' : '')
  if (schedulerName === '') name.wrong('Required value')
  return {
    schedulerName,
    percentageOfNodesToScore: shareAt(at.at('percentageOfNodesToScore'), share),
    plugins: pluginsAt(at.at('plugins'), own),
    args: argsAt(at.at('pluginConfig')),
  }
}
const shareAt = (at: Reading, otherwise: number): number =>
  at.isThere ? at.within(0, 100, 'not in valid range [0-100]', otherwise) : otherwise

const GONE = ['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits']

function argsAt(at: Reading): PluginArgs {
  let args = DEFAULT_ARGS
  const seen = new Set<string>()
  for (const item of at.items()) {
    item.knows('name', 'args')
    const name = item.at('name').text('')
    if (seen.has(name)) item.wrong(`Duplicate value: "${name}"`)
    seen.add(name)
    if (GONE.includes(name))
      item.wrong(
        `Invalid value: "${name}": was invalid in version "${API_VERSION}" (${KIND} is version "${API_VERSION}")`,
      )
    const reader = READERS[name as keyof PluginArgs]
    if (reader !== undefined) args = { ...args, [name]: reader(item.at('args')) }
  }
  return args
}
