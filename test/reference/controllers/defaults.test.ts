/** Constants that no recording shows: they are held to those that were read in the source of the version. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { counted } from '../../../machines/controllers/disruption/count.ts'
import { staleInMs } from '../../../machines/controllers/disruption/stale-condition.ts'
import { budget } from '../../unit/machines/controllers/disruption/budgets.ts'
import { AT, CREATED, pod, viewOf } from '../../unit/machines/controllers/objects.ts'
import { folder, jsonOf } from '../folder.ts'

const timings = jsonOf<Readonly<Record<string, { readonly value: Readonly<Record<string, number>> }>>>(
  join(folder(), 'controllers', 'timings.json'),
)
const seconds = (name: string): number | undefined => timings?.['defaultsFromSource']?.value[name]

test('a pod whose eviction was granted has so long to be on its way out', () => {
  const granted = budget({ minAvailable: 1 }, { disruptedPods: { a: CREATED } })
  const { recheckMs = 0 } = counted(granted, viewOf({ pods: [pod('a')] }), {}, AT)
  expect(Math.floor(recheckMs / 1_000)).toBe(seconds('disruption DeletionTimeout'))
})
test('a pod that was told to go has so long to go', () => {
  const conditions = [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: CREATED }]
  expect((staleInMs(pod('a', { status: { conditions } }), AT) ?? 0) / 1_000).toBe(seconds('stalePodDisruptionTimeout'))
})
