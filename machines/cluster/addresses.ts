/** The IP addresses of the machines: control planes from 192.168.0.10 up, workers from 192.168.1.1 up. */
import { controlPlanesOf, workersOf } from './layout.ts'
import type { ClusterOptions } from './options.ts'

export function addressOf(host: string, options: ClusterOptions): string {
  const controlPlane = controlPlanesOf(options).indexOf(host)
  if (controlPlane >= 0) return `192.168.0.${10 + controlPlane}`
  const worker = workersOf(options).indexOf(host) + 1
  return `192.168.${1 + Math.floor(worker / 250)}.${worker % 250}`
}
