/** When the kubelets of a recording wrote that pods run and are ready: they had much to do, and other pods besides. */
import type { Pod } from '../../../machines/protocol/objects.ts'
import type { Trace } from './trace.ts'

interface Status {
  readonly phase?: string
  readonly conditions?: readonly { readonly type: string; readonly status: string }[]
}

export class Lags {
  /** Seconds since the beginning, in order, by prefix of names and by whether they are of readiness. */
  private readonly times = new Map<string, number[]>()

  constructor({ objects }: Trace) {
    for (const { kind, name, history } of objects) {
      if (kind !== 'Pod') continue
      const prefix = name.replace(/<rand:\d+>$/, '')
      const statuses = history.map(({ t, patch }) => [t, (patch?.['status'] ?? {}) as Status] as const)
      const ran = statuses.findIndex(([, { phase }]) => phase === 'Running')
      const isReady = ({ conditions }: Status): boolean =>
        conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
      const ready = statuses.findIndex(([, status], i) => i > ran && isReady(status))
      if (ran >= 0) this.add(`${prefix} false`, statuses[ran]?.[0] ?? 0)
      if (ran >= 0 && ready >= 0) this.add(`${prefix} true`, statuses[ready]?.[0] ?? 0)
    }
    for (const list of this.times.values()) list.sort((a, b) => a - b)
  }
  private add(key: string, at: number): void {
    this.times.set(key, [...(this.times.get(key) ?? []), at])
  }

  /** When the next pod of this kind ran, or became ready. */
  next({ metadata: { generateName, name } }: Pod, ready: boolean): number | undefined {
    return this.times.get(`${generateName ?? name} ${ready}`)?.shift()
  }
}
