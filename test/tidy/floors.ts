/** Who may import whom: the floors of the house. The exceptions are listed, each with its reason. */
import type { Import, Source } from './sources.ts'

const CONTRACT = 'runtime/contract.ts'
const TREE = 'runtime/tree.ts'
/** What the lowest floors may use of the contract: pure arithmetic. */
const PURE = new Set(['draw', 'mix', 'textHash', 'hostOf'])

/** From a folder (or file) to another, and why that is no hole in the floor. */
const ALLOWED: readonly (readonly [from: string, to: string, because: string])[] = [
  ['machines/lib/template-hash.ts', 'machines/profiles/', 'the field order of Go structs is data of a version'],
  ['machines/apiserver/', 'machines/profiles/', 'an API server serves the schema of its version'],
  ['machines/controllers/', 'machines/profiles/', 'discovery: which kinds there are to walk over'],
  ['machines/kubectl/', 'machines/profiles/', 'discovery: which resource a kind belongs to'],
  ['machines/apiserver/http/', 'yaml', 'bodies come and go as YAML too'],
  ['machines/container-runtime/', 'machines/cni/', 'a CNI plugin is a program that the runtime runs: its pure part'],
  ['machines/container-runtime/', 'machines/workload/', 'what an image does is told to its containers'],
  ['machines/workload/', 'machines/cni/ranges.ts', 'whether an address is in a range is arithmetic'],
  ['machines/kube-proxy/', 'machines/cni/ranges.ts', 'whether an address is in a range is arithmetic'],
]

/** @returns what is wrong with an import, in words; undefined when it may be */
export function wrong({ path }: Source, { from, isType, names }: Import): string | undefined {
  const told = `${path} imports ${from}`
  if (from.startsWith('node:')) return path.startsWith('cli/') ? undefined : `${told}: I/O lives in cli/`
  if (ALLOWED.some(([by, to]) => path.startsWith(by) && from.startsWith(to))) return undefined
  if (path.startsWith('cli/')) return undefined
  if (path.startsWith('runtime/')) return inRuntime(path, from) ? undefined : `${told}: the runtime knows nothing of it`
  if (path.startsWith('machines/protocol/'))
    return inProtocol(from, isType) ? undefined : `${told}: protocol imports nothing`
  if (/^machines\/(lib|profiles)\//.test(path))
    return inLib(from, isType, names) ? undefined : `${told}: lib knows protocol`
  if (/^machines\/(cluster\/|[a-z]+\.ts$)/.test(path)) return undefined
  if (path === 'machines/controllers/index.ts' && from.startsWith('machines/controllers/')) return undefined
  return inComponent(path, from) ? undefined : `${told}: a component imports no other`
}

function inRuntime(path: string, from: string): boolean {
  if (from === '@xstate/graph') return path === 'runtime/explore/graph.ts'
  return from.startsWith('runtime/') || from === 'xstate' || from === 'rxjs'
}

const inProtocol = (from: string, isType: boolean): boolean =>
  from.startsWith('machines/protocol/') || (isType && (isContract(from) || from.startsWith('kubernetes-types/')))

const inLib = (from: string, isType: boolean, names: readonly string[]): boolean =>
  /^machines\/(lib|protocol|profiles\/[^/]+)\//.test(from) ||
  from === TREE ||
  (from === CONTRACT && (isType || names.every((name) => PURE.has(name))))

function inComponent(path: string, from: string): boolean {
  if (/^machines\/(lib|protocol)\//.test(from) || isContract(from) || from === 'xstate') return true
  if (from.startsWith(componentOf(path))) return true
  return (
    from.startsWith('machines/controllers/kit/') &&
    /^machines\/(controllers|scheduler|controller-manager|kwok)\//.test(path)
  )
}

const isContract = (from: string): boolean => from === CONTRACT || from === TREE

/** `machines/controllers/deployment/`, `machines/kubelet/`. */
const componentOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('machines/controllers/') ? 3 : 2)
    .join('/')
