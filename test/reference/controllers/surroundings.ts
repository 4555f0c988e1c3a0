/** What the notes of a recording tell of the cluster around it: flags of its processes, and pods of others. */
import type { ClusterOptions } from '../../../machines/cluster/options.ts'
import type { ApiObject } from '../../../machines/protocol/objects.ts'
import type { Trace } from './trace.ts'

const FLAG = /--terminated-pod-gc-threshold=(\d+)/
const OTHERS = /a failed pod of another namespace was counted at the second tick/

export function flagsOf({ notes = [] }: Trace): Partial<ClusterOptions> {
  const threshold = notes.map((note) => FLAG.exec(note)?.[1]).find((found) => found !== undefined)
  return threshold === undefined ? {} : { terminatedPodThreshold: Number(threshold) }
}

/** A pod of somebody else that fails between the first and the second tick, and when it is to be made, s. */
export function failingElsewhere({
  notes = [],
  requests,
}: Trace): { readonly t: number; readonly pod: ApiObject } | undefined {
  const tick = requests.find(([, who]) => who === 'pod-garbage-collector')?.[0]
  if (tick === undefined || !notes.some((note) => OTHERS.test(note))) return undefined
  return { t: tick + 1, pod: FAILING }
}
const FAILING = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'somebody-elses', namespace: 'default', annotations: { 'orrery/kubelet': 'exit=0.1:1' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'img:1' }] },
} as unknown as ApiObject
