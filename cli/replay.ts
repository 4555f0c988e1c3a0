/** `orrery replay`: a recorded run once more, to the same byte. */
import { existsSync, readFileSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { RECORDING_VERSION, type Recording, replay } from '../runtime/record.ts'
import { BadInput } from './failure.ts'
import { logTo } from './log.ts'
import { whole } from './options.ts'
import { clusterOf, type Setting } from './setting.ts'
import { tables } from './tables.ts'
import { clock, paint, print } from './terminal.ts'
import { Timeline } from './timeline.ts'
import { BadToken, recordingIn } from './token.ts'

export const replayCommand = () =>
  new Command('replay')
    .description('live a recorded run again, from its token or from a file that holds one')
    .argument('<token>', 'a token, or a file with a token or a recording')
    .option('--until <n>', 'stop after this delivery', whole)
    .option('--log <file>', 'write every delivery, one JSON line each')
    .option('--json', 'what came of it, as JSON')
    .action(async (token, { until, log: file, json }) => {
      const recording = recordingOf(token)
      const cluster = await clusterOf(recording.setting)
      const log = file === undefined ? undefined : logTo(file)
      if (log !== undefined) cluster.world.observe(log.sink)
      const timeline = new Timeline(cluster, (line) => (json === true ? undefined : print(line)))
      replay(cluster.world, recording, until)
      timeline.stop()
      log?.close()
      const { count } = cluster.world.counts
      if (json === true)
        return print(JSON.stringify({ seed: recording.seed, virtualMs: cluster.now, deliveries: count }, undefined, 2))
      print(tables(cluster, ['deployments', 'pods', 'nodes']))
      print(paint('dim', `${clock(cluster.now)} of virtual time, ${count} steps`))
    })

/** @throws {BadInput} */
export function recordingOf(text: string): Recording<Setting> {
  const content = existsSync(text) ? readFileSync(text, 'utf8').trim() : text.trim()
  try {
    const recording = content.startsWith('{') ? (JSON.parse(content) as Recording) : recordingIn(content)
    if (recording.version !== RECORDING_VERSION)
      throw new BadInput(
        `the recording is of version ${recording.version}; this orrery reads version ${RECORDING_VERSION}`,
      )
    return recording as Recording<Setting>
  } catch (error) {
    if (error instanceof BadToken || error instanceof SyntaxError) throw new BadInput(error.message)
    throw error
  }
}
