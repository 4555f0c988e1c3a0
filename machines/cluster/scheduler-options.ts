/** What the options of a cluster say of its scheduler, as the scheduler takes it. */
import { parse } from 'yaml'
import { type Configuration, readConfiguration } from '../scheduler/configuration/configuration.ts'
import { inWords } from '../scheduler/configuration/reading.ts'
import { BadOptions } from './bad-options.ts'
import type { ClusterOptions } from './options.ts'

type Said = Pick<ClusterOptions, 'schedulerConfiguration' | 'schedulerRate' | 'permitPlugins'>

/** Without a configuration, the defaults. @throws {BadOptions} with the path of every field that is wrong */
export function scheduling({ schedulerConfiguration, schedulerRate: rate, permitPlugins }: Said): Configuration {
  const written = schedulerConfiguration === undefined ? DEFAULT : parsed(schedulerConfiguration)
  const { configuration, problems } = readConfiguration(
    written,
    permitPlugins.map(({ id }) => id),
  )
  if (configuration === undefined)
    throw new BadOptions(problems.map((one) => `schedulerConfiguration: ${inWords(one)}`).join('\n'))
  if (rate === 'as configured') return configuration
  return { ...configuration, client: rate === undefined ? UNLIMITED : { qps: rate.perSecond, burst: rate.burst } }
}

const DEFAULT = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }
/** More than anybody asks. */
const UNLIMITED: Configuration['client'] = { qps: 1_000_000, burst: 1_000_000 }

/** kubectl's YAML 1.1. @throws {BadOptions} */
function parsed(written: string | object): unknown {
  if (typeof written !== 'string') return written
  try {
    return parse(written, { version: '1.1' })
  } catch (error) {
    throw new BadOptions(`schedulerConfiguration: ${error instanceof Error ? error.message : String(error)}`)
  }
}
