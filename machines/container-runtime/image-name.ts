/** Names of images: from what a pod writes to the full name under which a runtime keeps them (distribution/reference). */

export interface ImageName {
  /** `docker.io/library/nginx:1.27` */
  readonly full: string
  /** `docker.io` */
  readonly registry: string
  /** `library/nginx` */
  readonly path: string
  /** A tag, or a digest with its algorithm. */
  readonly reference: string
}

export function parseName(text: string): ImageName {
  const [named = '', digest] = text.split('@')
  const slash = named.indexOf('/')
  const first = slash < 0 ? '' : named.slice(0, slash)
  const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost'
  const registry = hasRegistry ? first : 'docker.io'
  const rest = hasRegistry ? named.slice(slash + 1) : named
  const colon = rest.lastIndexOf(':')
  const bare = colon < 0 ? rest : rest.slice(0, colon)
  const path = registry === 'docker.io' && !bare.includes('/') ? `library/${bare}` : bare
  const reference = digest ?? (colon < 0 ? 'latest' : rest.slice(colon + 1))
  const mark = digest === undefined ? ':' : '@'
  return { full: `${registry}/${path}${mark}${reference}`, registry, path, reference }
}
