/** The IP addresses of the machines: control planes from 192.168.0.10 up, workers from 192.168.1.1 up. */
const KWOK = '192.168.0.5'

/** @param host as in `layout.ts`: `cp-1`, `node-17`, `kwok` */
export function addressOf(host: string): string {
  const dash = host.lastIndexOf('-')
  const number = Number(host.slice(dash + 1))
  if (host.startsWith('cp-')) return `192.168.0.${9 + number}`
  return host.startsWith('node-') ? `192.168.${1 + Math.floor(number / 250)}.${number % 250}` : KWOK
}
