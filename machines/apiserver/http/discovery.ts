/** Discovery: which groups, versions and resources are served. Aggregated (KEP 3352) and, for older clients, piecewise. */
import type { Profile, ResourceFacts, SubresourceFacts } from '../../lib/schema.ts'
import { type Clause, clauses } from './accept.ts'
import type { HttpResponse } from './words.ts'
import { written } from './writing.ts'

/** The host that `/api` names: kube-apiserver tells the address under which it was found. */
export interface Asked {
  readonly accept: string
  readonly serverAddress: string
}

/** @returns undefined when the path is no discovery document. */
export function discovered(profile: Profile, path: string, asked: Asked): HttpResponse | undefined {
  const [root, group, version, ...more] = path.replace(/\/$/, '').split('/').slice(1)
  if (more.length > 0) return undefined
  if (root === 'api') return group === undefined ? coreVersions(profile, asked) : resources(profile, '', group, version)
  if (root !== 'apis') return undefined
  if (group === undefined) return groups(profile, asked)
  return version === undefined ? oneGroup(profile, group) : resources(profile, group, version, undefined)
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Whether the aggregated form comes before the plain one in what the client accepts. */
function wantsAggregated(accept: string): boolean {
  const first = clauses(accept).find(({ media, parameters }) => isPlain(media, parameters) || isAggregated(parameters))
  return first !== undefined && isAggregated(first.parameters)
}
const isAggregated = ({ g, v, as }: Clause['parameters']): boolean =>
  g === 'apidiscovery.k8s.io' && v === 'v2' && as === 'APIGroupDiscoveryList'
const isPlain = (media: string, { as }: Clause['parameters']): boolean =>
  as === undefined && (media === 'application/json' || media === '*/*')

function coreVersions(profile: Profile, { accept, serverAddress }: Asked): HttpResponse {
  if (wantsAggregated(accept)) return aggregated(groupsOf(profile, true))
  return plain({
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  })
}

function groups(profile: Profile, { accept }: Asked): HttpResponse {
  if (wantsAggregated(accept)) return aggregated(groupsOf(profile, false))
  return plain({ kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(profile, false).map(groupDocument) })
}

function oneGroup(profile: Profile, name: string): HttpResponse | undefined {
  const group = groupsOf(profile, false).find((each) => each.name === name)
  return group === undefined ? undefined : plain({ kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) })
}

/** A group with its versions, each with its resources, in the order of preference. */
interface Group {
  readonly name: string
  readonly versions: readonly { readonly version: string; readonly resources: readonly ResourceFacts[] }[]
}

/** Remembered per profile: kubectl asks before every command. */
function groupsOf(profile: Profile, core: boolean): readonly Group[] {
  const known = remembered.get(profile) ?? grouped(profile.resources)
  remembered.set(profile, known)
  return known.filter(({ name }) => (name === '') === core)
}
const remembered = new WeakMap<Profile, readonly Group[]>()

function grouped(all: readonly ResourceFacts[]): readonly Group[] {
  return [...new Set(all.map(({ group }) => group))].map((name) => {
    const members = all.filter(({ group }) => group === name)
    const versions = [...new Set(members.map(({ version }) => version))].sort(newestFirst)
    return {
      name,
      versions: versions.map((version) => ({ version, resources: members.filter((each) => each.version === version) })),
    }
  })
}

/** v2 before v1, both before v1beta2 and v1beta1, these before v1alpha1. apimachinery pkg/version, CompareKubeAwareVersionStrings. */
function newestFirst(a: string, b: string): number {
  const [one, other] = [rank(a), rank(b)]
  const i = one.findIndex((each, at) => each !== other[at])
  return i < 0 ? 0 : (other[i] as number) - (one[i] as number)
}
function rank(version: string): readonly number[] {
  const [, major = 0, stage, minor = 0] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? []
  return [stage === undefined ? 3 : stage === 'beta' ? 2 : 1, Number(major), Number(minor)]
}

function groupDocument({ name, versions }: Group): object {
  const told = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: told, preferredVersion: told[0] }
}

const plain = (document: unknown): HttpResponse => written(200, document)

function aggregated(list: readonly Group[]): HttpResponse {
  const items = list.map(({ name, versions }) => ({
    metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
    versions: versions.map((each) => ({
      version: each.version,
      resources: byName(each.resources).map(aggregatedResource),
      freshness: 'Current',
    })),
  }))
  const response = plain({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items })
  return { ...response, headers: { 'content-type': AGGREGATED, vary: 'Accept' } }
}

const byName = (resources: readonly ResourceFacts[]): readonly ResourceFacts[] =>
  [...resources].sort((a, b) => (a.plural < b.plural ? -1 : a.plural > b.plural ? 1 : 0))

const sorted = (list: readonly string[]): readonly string[] => [...list].sort()
const listed = (name: string, list: readonly unknown[]): object => (list.length === 0 ? {} : { [name]: list })

/** Of built-in kinds the response kind has no group and version: they are those of the list. Of own kinds it has. */
function aggregatedResource(facts: ResourceFacts): unknown {
  const { plural, kind, namespaced, singular, shortNames, categories, verbs, subresourceFacts } = facts
  const own = facts.custom === true ? { group: facts.group, version: facts.version } : { group: '', version: '' }
  return {
    resource: plural,
    responseKind: { ...own, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: sorted(verbs),
    ...listed('shortNames', shortNames),
    ...listed('categories', categories),
    ...listed(
      'subresources',
      subresourceFacts.map((each) => aggregatedSubresource(each, own)),
    ),
  }
}

function aggregatedSubresource(
  { name, kind, kindGroupVersion, verbs }: SubresourceFacts,
  own: { group: string; version: string },
): unknown {
  const of = kindGroupVersion === undefined || kindGroupVersion === '' ? own : groupAndVersion(kindGroupVersion)
  return { subresource: name, responseKind: { ...of, kind }, verbs: sorted(verbs) }
}

function groupAndVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

function resources(
  profile: Profile,
  group: string,
  version: string,
  more: string | undefined,
): HttpResponse | undefined {
  const of = groupsOf(profile, group === '').find(({ name }) => name === group)
  const known = of?.versions.find((each) => each.version === version)
  if (known === undefined || more !== undefined) return undefined
  return plain({
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: byName(known.resources).flatMap(legacyResources),
  })
}

function legacyResources(facts: ResourceFacts): readonly unknown[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, storageVersionHash } = facts
  const itself = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: facts.custom === true ? verbs : sorted(verbs),
    ...listed('shortNames', shortNames),
    ...listed('categories', categories),
    ...(storageVersionHash === undefined ? {} : { storageVersionHash }),
  }
  return [itself, ...facts.subresourceFacts.map((each) => legacySubresource(facts, each))]
}

function legacySubresource({ plural, namespaced }: ResourceFacts, below: SubresourceFacts): unknown {
  const { name, kind, kindGroupVersion, verbs } = below
  const own = kindGroupVersion === undefined || kindGroupVersion === '' ? {} : groupAndVersion(kindGroupVersion)
  return { name: `${plural}/${name}`, singularName: '', namespaced, ...own, kind, verbs: sorted(verbs) }
}
