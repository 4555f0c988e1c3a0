/** Rules for IP addresses and ranges. */
import { isIpv6, parseCidr, parseIp } from '../ip.ts'
import { type Found, invalid } from './causes.ts'

const BAD_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
export function checkIp(found: Found, field: string, ip: string): void {
  if (parseIp(ip) === undefined && !isIpv6(ip)) found.push(invalid(field, ip, BAD_IP))
}

/** ValidateNonSpecialIP */
export function checkNonSpecialIp(found: Found, field: string, ip: string): void {
  const [a, b, c] = ip.split('.').map(Number)
  if (parseIp(ip) === undefined && !isIpv6(ip)) found.push(invalid(field, ip, 'must be a valid IP address'))
  if (ip === '0.0.0.0' || ip === '::') found.push(invalid(field, ip, `may not be unspecified (${ip})`))
  if ((a === 127 && b !== undefined) || ip === '::1') {
    found.push(invalid(field, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'))
  }
  if ((a === 169 && b === 254) || /^fe[89ab][0-9a-f]:/i.test(ip)) {
    found.push(invalid(field, ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'))
  }
  if ((a === 224 && b === 0 && c === 0) || /^ff.2:/i.test(ip)) {
    found.push(invalid(field, ip, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'))
  }
}

export function checkCidr(found: Found, field: string, cidr: string): void {
  const [ip = '', bits = ''] = cidr.split('/')
  const isSound = parseCidr(cidr) !== undefined || (isIpv6(ip) && /^\d{1,3}$/.test(bits) && Number(bits) <= 128)
  if (!isSound) found.push(invalid(field, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'))
}
