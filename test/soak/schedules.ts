/** Random schedules of requests and faults on etcd members alone, at full numbers: what `npm test` lives through a few of. */
import { lived } from '../../machines/cluster/etcd-alone/trial.ts'
import { scheduleOf } from '../../machines/cluster/etcd-alone/weather.ts'

/** Mostly three members, as clusters are. */
const SIZES = [3, 3, 1, 3, 3, 5]
const SHOWN_MS = 5_000

/**
 * @param from the seed of the first: one that was stopped is gone on with where it stopped
 * @returns a sentence for each schedule that broke a promise
 */
export function schedules(from: number, to: number, say: (text: string) => void): readonly string[] {
  const broken: string[] = []
  let [shown, answered] = [performance.now(), 0]
  for (let seed = from; seed <= to; seed++) {
    const members = SIZES[seed % SIZES.length] as number
    const { broken: found, history } = lived(scheduleOf(seed, { members }))
    for (const { answer } of history.asked.values()) if (answer?.type === 'etcd.answered') answered++
    if (found.length > 0) broken.push(`seed ${seed}, ${members} members: ${found.join('; ')}`)
    if (performance.now() - shown < SHOWN_MS && seed < to) continue
    shown = performance.now()
    say(
      `schedule ${seed} of ${to}, ${broken.length} broken, ${answered} answers judged (go on: --schedules-from ${seed + 1})`,
    )
  }
  return broken
}
