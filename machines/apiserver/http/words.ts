/** HTTP as plain data: what a client sends, what it is sent, and what becomes of a request on its way in. */
import type { ResourceFacts } from '../../lib/schema.ts'
import type { ApiRequest } from '../../protocol/api.ts'

export interface HttpRequest {
  readonly method: string
  /** With the query, as on the request line: `/api/v1/pods?watch=1`. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}
export interface HttpResponse {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How an answer is to be written: by the Accept header and the query. */
export interface Form {
  readonly media: Media
  readonly as: 'itself' | 'table' | 'metadata' | 'metadataList'
  /** Of a Table or PartialObjectMetadata: the version asked for. */
  readonly metaVersion: 'v1' | 'v1beta1'
  /** Of a Table: what each row carries beside its cells. */
  readonly includeObject: 'Metadata' | 'Object' | 'None'
  readonly pretty: boolean
}
export type Media = 'application/json' | 'application/yaml'

/** What a request comes to: an answer at once, or a question to the cluster whose answer is written in that form. */
export type Routed =
  | { readonly does: 'answer'; readonly response: HttpResponse }
  | { readonly does: 'health'; readonly path: '/readyz' | '/livez'; readonly well: HttpResponse }
  | {
      readonly does: 'call' | 'watch' | 'log'
      readonly request: ApiRequest
      readonly facts: ResourceFacts
      readonly form: Form
      /** Told with the answer, if that is a success. */
      readonly warnings: readonly string[]
    }
export type Passed = Extract<Routed, { does: 'call' | 'watch' | 'log' }>
