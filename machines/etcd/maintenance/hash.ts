/**
 * One number for all that the store holds (mvcc's HashByRev): members that have applied the same entries find the same.
 * Not etcd's own number, which is a checksum of bytes on its pages.
 */
import { mix, textHash } from '../../../runtime/contract.ts'
import type { KeyValue } from '../../protocol/etcd.ts'
import { eachVersion, type Store } from '../mvcc/store.ts'

/** Every version that was made up to the revision and is still kept. */
export function hashAt({ keys, compactRevision }: Store, revision: number): number {
  let hash = mix(compactRevision, 0)
  const take = (version: KeyValue): void => {
    if (version.modRevision <= revision) hash = mix(hash, hashOf(version))
  }
  keys.each((history) => eachVersion(history, take))
  return hash
}

function hashOf({ key, value, createRevision, modRevision, version, lease = 0 }: KeyValue): number {
  const numbers = [createRevision, modRevision, version, lease % 2 ** 32]
  return numbers.reduce(mix, mix(textHash(key), textHash(JSON.stringify(value) ?? '')))
}
