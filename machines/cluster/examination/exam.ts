/** What a controller is examined with: a small world, what happens in it, and the end that it has to come to. */
import type { Listed } from '../../controllers/kit/listed.ts'
import type { OwnResource } from '../../lib/schema.ts'
import type { ApiRequest } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import type { Cluster } from '../cluster.ts'

export interface Exam {
  readonly controller: Listed
  /** Controllers whose work it builds upon. */
  readonly companions?: readonly Listed[]
  /** Own kinds. */
  readonly resources?: readonly OwnResource[]
  /** Objects that are there before it begins, with their status. `uid: 'uid of Kind name'` is filled in. */
  readonly given?: readonly ApiObject[]
  /** What users do, one after another. */
  readonly acts?: readonly Act[]
  /** What kubelets and others do about what they see: asked after every change and every second. */
  readonly hands?: readonly Hand[]
  /** Fields in which the real controller too writes down the way that it went: ends may differ in them. */
  readonly free?: readonly string[]
  /** The end, in a sentence, and whether it is reached. */
  readonly wanted: string
  readonly holds: (cluster: Cluster) => boolean
}
export interface Act {
  readonly words: string
  readonly request: (cluster: Cluster) => ApiRequest
  /** Not before this holds; a second after the act before, when nothing is said. */
  readonly when?: (cluster: Cluster) => boolean
}
/** @returns what is to be asked of the API now; the same is not asked twice within a second */
export type Hand = (cluster: Cluster) => readonly ApiRequest[]
