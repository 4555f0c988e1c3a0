/** Cells of the plain kinds of the core group, and of Leases. */
import type { ConfigMap, Lease, Namespace, Secret, ServiceAccount } from '../../protocol/objects.ts'
import { age } from './age.ts'
import type { Cell } from './rows.ts'

const count = (map: object | undefined): number => (map === undefined ? 0 : Object.keys(map).length)

export const namespaceCells = ({ metadata, status }: Namespace, now: number): readonly Cell[] => [
  metadata.name,
  status?.phase ?? '',
  age(metadata.creationTimestamp, now),
]
export const configMapCells = ({ metadata, data, binaryData }: ConfigMap, now: number): readonly Cell[] => [
  metadata.name,
  count(data) + count(binaryData),
  age(metadata.creationTimestamp, now),
]
export const secretCells = ({ metadata, type, data }: Secret, now: number): readonly Cell[] => [
  metadata.name,
  type ?? '',
  count(data),
  age(metadata.creationTimestamp, now),
]
export const serviceAccountCells = ({ metadata, secrets }: ServiceAccount, now: number): readonly Cell[] => [
  metadata.name,
  secrets?.length ?? 0,
  age(metadata.creationTimestamp, now),
]
export const leaseCells = ({ metadata, spec }: Lease, now: number): readonly Cell[] => [
  metadata.name,
  spec?.holderIdentity ?? '',
  age(metadata.creationTimestamp, now),
]
