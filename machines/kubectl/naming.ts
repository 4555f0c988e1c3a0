/** Objects as kubectl names them in what it prints. */
import { type Profile, resourceOf } from '../lib/schema.ts'
import v132 from '../profiles/v1.32/index.ts'
import type { ResourceName } from '../protocol/objects.ts'

const profile: Profile = v132

/** `deployment.apps/web`, `node/node-1`; of a user's own kind its plural stands for the singular nobody told. */
export function spoken(resource: ResourceName, name: string): string {
  const facts = resourceOf(profile, resource)
  if (facts === undefined) return `${resource}/${name}`
  return `${facts.singular}${facts.group === '' ? '' : `.${facts.group}`}/${name}`
}

/** `deployment.apps "web"`, as deletions are told. */
export const quoted = (resource: ResourceName, name: string): string => {
  const text = spoken(resource, name)
  return `${text.slice(0, text.lastIndexOf('/'))} "${name}"`
}

export const factsOf = (resource: ResourceName) => resourceOf(profile, resource)
