/** The IP addresses of the machines: control planes from 192.168.0.10 up, workers from 192.168.1.1 up. */
import type { ApiObject } from '../protocol/objects.ts'
import { nodesIn } from './dump.ts'

const KWOK = '192.168.0.5'

/**
 * @param host as in `layout.ts`: `cp-1`, `node-17`, `kwok`
 * @param objects with which the cluster begins: the nodes among them have the addresses of workers
 */
export function addressOf(host: string, objects: readonly ApiObject[] = []): string {
  const place = nodesIn(objects).get(host)?.place
  if (place !== undefined) return addressOf(`node-${place}`)
  const dash = host.lastIndexOf('-')
  const number = Number(host.slice(dash + 1))
  if (host.startsWith('cp-')) return `192.168.0.${9 + number}`
  return host.startsWith('node-') ? `192.168.${1 + Math.floor(number / 250)}.${number % 250}` : KWOK
}
