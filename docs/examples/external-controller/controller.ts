/**
 * A controller that knows nothing of the orrery: @kubernetes/client-node, two informers, one fleet after another.
 * Against a live cluster: `npx tsx docs/examples/external-controller/controller.ts`, with KUBECONFIG set.
 */
import { pathToFileURL } from 'node:url'
import {
  ApiException,
  CoreV1Api,
  type Informer,
  KubeConfig,
  type KubernetesObject,
  makeInformer,
  type V1ConfigMap,
  type V1Pod,
} from '@kubernetes/client-node'
import { cameHome, isHome, logged, nextStep, shipFor } from './fleet.ts'

const FLEETS = '/api/v1/namespaces/default/configmaps'
const SHIPS = '/api/v1/namespaces/default/pods'
const namespace = 'default'

/** Runs until every fleet is home. @param think is waited for before every step */
export async function harbourMaster(config: KubeConfig, think: () => Promise<void> = async () => {}): Promise<void> {
  const api = config.makeApiClient(CoreV1Api)
  const list = { namespace, labelSelector: 'kind=fleet' }
  const fleets = makeInformer<V1ConfigMap>(config, FLEETS, () => api.listNamespacedConfigMap(list), list.labelSelector)
  const ships = makeInformer<V1Pod>(
    config,
    SHIPS,
    () => api.listNamespacedPod({ namespace, labelSelector: 'fleet' }),
    'fleet',
  )
  const news = signal()
  // Those that were made and have not been seen: until then the informer's list is short of them.
  const launched = new Set<string>()
  ships.on('add', ({ metadata }) => launched.delete(metadata?.name ?? ''))
  await started(fleets, news.rings)
  await started(ships, news.rings)
  while (fleets.list().length === 0 || !fleets.list().every(isHome)) {
    await news.comes
    await think()
    if (launched.size > 0) continue
    for (const fleet of [...fleets.list()].sort(byName)) await stepped(api, fleet, ships.list(), launched).catch(stale)
  }
  await Promise.all([fleets.stop(), ships.stop()])
}

async function started<T extends KubernetesObject>(informer: Informer<T>, changed: () => void): Promise<void> {
  for (const verb of ['add', 'update', 'delete'] as const) informer.on(verb, changed)
  await informer.start()
}

/** One step at a time: what it changes is news, and leads to the next. */
async function stepped(
  api: CoreV1Api,
  fleet: V1ConfigMap,
  ships: readonly V1Pod[],
  launched: Set<string>,
): Promise<void> {
  const name = fleet.metadata?.name ?? ''
  const own = ships.filter(({ metadata }) => metadata?.labels?.['fleet'] === name).sort(byName)
  const step = nextStep(fleet, own)
  switch (step.do) {
    case 'nothing':
      return
    case 'scrap':
      await api.deleteNamespacedPod({ name: step.ship, namespace })
      return
    case 'sail': {
      const ship = shipFor(fleet, step.voyage)
      await api.replaceNamespacedConfigMap({ name, namespace, body: logged(fleet, step.voyage) })
      launched.add(ship.metadata?.name ?? '')
      await api.createNamespacedPod({ namespace, body: ship })
      return
    }
    case 'come home':
      await api.replaceNamespacedConfigMap({ name, namespace, body: cameHome(fleet) })
  }
}

/** The informers are behind: they will tell, and there will be another step. */
function stale(error: unknown): void {
  if (!(error instanceof ApiException) || ![404, 409].includes(error.code)) throw error
}

const byName = (a: V1ConfigMap | V1Pod, b: V1ConfigMap | V1Pod): number =>
  (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1

/** Something that is waited for again and again, and may come while nobody waits. */
function signal(): { readonly rings: () => void; readonly comes: Promise<void> } {
  let rung = false
  let wake: (() => void) | undefined
  return {
    rings: () => {
      rung = true
      wake?.()
    },
    get comes() {
      const heard = (): void => {
        rung = false
        wake = undefined
      }
      if (rung) return Promise.resolve(heard())
      return new Promise<void>((done) => {
        wake = () => done(heard())
      })
    },
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const config = new KubeConfig()
  config.loadFromDefault()
  await harbourMaster(config)
}
