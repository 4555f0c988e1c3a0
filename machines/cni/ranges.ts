/** Whether an address, as text, lies in a range. */
import { contains, parseCidr, parseIp } from '../lib/ip.ts'

export function isIn(cidr: string, ip: string): boolean {
  const range = parseCidr(cidr.trim())
  const address = parseIp(ip)
  return range !== undefined && address !== undefined && contains(range, address)
}
