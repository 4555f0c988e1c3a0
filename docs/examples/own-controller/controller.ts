/** The controller: which changes concern which lighthouse. All the rest is the kit's. */
import { kit } from '../../../machines/index.ts'
import { type Naming, wanted } from './keepers.ts'
import { LIGHTHOUSES } from './lighthouse.ts'

export function lighthouseController(naming: Naming): kit.Listed {
  const controller: kit.Controller = {
    name: 'lighthouse',
    resource: LIGHTHOUSES,
    object: 'lighthouse',
    workers: 2,
    caches: [{ resource: LIGHTHOUSES }, { resource: 'pods', indexes: ['owner'] }],
    concerns: (resource, { key, was, now }) => {
      const concerned = resource === 'pods' ? kit.controllerKey(now ?? was, 'Lighthouse') : key
      return concerned === undefined ? [] : [concerned]
    },
  }
  const lighthouse = kit.objectMachine({
    id: 'lighthouse',
    decide: (view, key, { user }) => wanted(view, key, user, naming),
  })
  return kit.supervised(controller, lighthouse)
}
