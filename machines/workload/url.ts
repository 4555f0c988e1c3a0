import { isIn } from '../cni/ranges.ts'

/** Where a client wants to go. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly path: string
}

/** `http://web.default:8080/path`; port 80 and path `/` when not told. @throws when it is no such URL. */
export function parseUrl(url: string): Destination {
  const [, host, port = '80', path = '/'] = /^(?:http:\/\/)?([^:/]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? []
  if (host === undefined) throw new Error(`"${url}" is not an address: write http://<host>[:<port>][/<path>]`)
  return { host, port: Number(port), path }
}

export const isAddress = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host)

/** The names to try, as a resolver with `ndots:5` does: with each search domain first, then as it stands. */
export function candidates(host: string, search: readonly string[]): readonly string[] {
  if (host.endsWith('.')) return [host]
  const searched = search.map((domain) => `${host}.${domain}`)
  return host.split('.').length - 1 >= 5 ? [host, ...searched] : [...searched, host]
}

/** The node whose range of pod addresses holds this one. */
export function nodeOf(
  ip: string,
  nodes: readonly { readonly node: string; readonly podCIDR: string }[],
): string | undefined {
  return nodes.find(({ podCIDR }) => isIn(podCIDR, ip))?.node
}
