/** NodePorts: a port of a node serves one pod. */
import { type Plugin, SKIP, unschedulable } from '../framework.ts'
import type { HostPort } from '../pod-info.ts'

export const nodePorts: Plugin = {
  name: 'NodePorts',
  sign: ({ hostPorts }) => [hostPorts],
  preFilter: ({ hostPorts }) => (hostPorts.length === 0 ? SKIP : { state: undefined }),
  filter({ hostPorts }, { podsWithHostPorts }) {
    let taken = false
    podsWithHostPorts.each((other) => {
      taken ||= other.hostPorts.some((theirs) => hostPorts.some((port) => collide(port, theirs)))
    })
    return taken ? unschedulable("node(s) didn't have free ports for the requested pod ports") : undefined
  },
}

/** framework.HostPortInfo.CheckConflict: 0.0.0.0 is every address. */
const collide = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY || b.ip === ANY)
const ANY = '0.0.0.0'
