/** Our etcd beside a real one at full numbers: random operations, and every recorded sequence over the real one's door. */
import { join } from 'node:path'
import { difference } from '../differential/etcd.ts'
import { operations } from '../differential/operations.ts'
import { differencesIn, isDeadly, type Sequence } from '../differential/recorded.ts'
import { etcdVersion, startEtcd } from '../kit/real-etcd.ts'
import { folder, linesOf } from '../reference/folder.ts'

/** 20,400 operations. */
const [SEQUENCES, LENGTH] = [510, 40]

export interface Beside {
  readonly passed: number
  readonly broken: readonly string[]
}

export async function beside(say: (text: string) => void): Promise<Beside> {
  if (etcdVersion() === undefined) {
    say('etcd is missing: nothing is held against a real one')
    return { passed: 0, broken: [] }
  }
  const { store, stop } = await startEtcd()
  const broken: string[] = []
  const recorded = ['kv-1', 'kv-2'].flatMap((name) => linesOf<Sequence>(join(folder(), 'etcd', `${name}.jsonl`)) ?? [])
  const harmless = recorded.filter((sequence) => !isDeadly(sequence))
  try {
    for (let seed = 1; seed <= SEQUENCES; seed++) {
      const found = await difference(store, operations(seed, LENGTH))
      if (found !== undefined) broken.push(`operations ${seed}: ${JSON.stringify(found)}`)
      if (seed % 50 === 0) say(`${seed * LENGTH} operations beside a real etcd, ${broken.length} differ`)
    }
    for (const [i, sequence] of harmless.entries()) {
      broken.push(...(await differencesIn(sequence, store)))
      if ((i + 1) % 200 === 0) say(`${i + 1} of ${harmless.length} recorded sequences, ${broken.length} differ`)
    }
  } finally {
    stop()
  }
  return { passed: SEQUENCES + harmless.length - broken.length, broken }
}
