/**
 * When the kubelets of a recording wrote that pods run, are ready, or are gone: they had much to do, and other pods
 * besides. They are no part of what is judged: ours write no earlier.
 */
import type { Pod } from '../../../machines/protocol/objects.ts'
import type { Recorded, Trace } from './trace.ts'

interface Status {
  readonly phase?: string
  readonly conditions?: readonly { readonly type: string; readonly status: string }[]
}
/** What a kubelet does with a pod. */
export type Deed = 'runs' | 'is ready' | 'is gone'

export class Lags {
  /** Seconds since the beginning, in order, by prefix of names and by deed. */
  private readonly times = new Map<string, number[]>()

  constructor({ objects }: Trace) {
    for (const pod of objects) if (pod.kind === 'Pod') this.note(pod)
    for (const list of this.times.values()) list.sort((a, b) => a - b)
  }

  private note({ name, history }: Recorded): void {
    const prefix = name.replace(/<rand:\d+>$/, '')
    const statuses = history.map(({ patch }) => (patch?.['status'] ?? {}) as Status)
    const ran = statuses.findIndex(({ phase }) => phase === 'Running')
    const ready = statuses.findIndex((status, i) => i > ran && isReady(status))
    const gone = history.findIndex(({ type }) => type === 'DELETED')
    const add = (deed: Deed, i: number): void => {
      const key = `${prefix} ${deed}`
      if (i >= 0) this.times.set(key, [...(this.times.get(key) ?? []), history[i]?.t ?? 0])
    }
    add('runs', ran)
    if (ran >= 0) add('is ready', ready)
    add('is gone', gone)
  }

  /** When the next pod of this kind was done so with. */
  next({ metadata: { generateName, name } }: Pod, deed: Deed): number | undefined {
    return this.times.get(`${generateName ?? name} ${deed}`)?.shift()
  }
}
const isReady = ({ conditions }: Status): boolean =>
  conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
