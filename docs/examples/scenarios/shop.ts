/**
 * The story of `npm start`: a shop is opened on three workers, its API is rolled out to a new version, and in the middle
 * of it a worker loses power. In the end everything is there again, on the workers that are left.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { type Cluster, kit, type Pod, scenario } from '../../../machines/index.ts'

const MANIFESTS = new URL('../shop/', import.meta.url)
const DEPLOYMENTS = ['cart', 'api', 'web']
const NEW_API = 'registry.example.com/shop/api:1.5.0'

export const shop = scenario(
  'a worker is lost while the shop gets a new version',
  { nodes: 3, controlPlanes: 3 },
  ({ cluster, kubectl, faults, apply, patiently, run, runUntil, always, eventually, sometimes }) => {
    always('two carts never hold the same goods', () => working(cluster, 'cart').length <= 1)
    sometimes('both versions of the API are at work', () => versions(cluster).size > 1)
    eventually('everything is available, in the new version', () => isOpen(cluster) && isRolledOut(cluster))

    for (const name of readdirSync(MANIFESTS).sort()) apply(readFileSync(new URL(name, MANIFESTS), 'utf8'))
    runUntil(isOpen, { within: '10m' })
    always('somebody answers the customers', () => working(cluster, 'api').length > 0)
    patiently(() => kubectl.setImage('deployment/api', { api: NEW_API }, { namespace: 'shop' }))
    run('4s')
    faults.powerOff('node-2')
    runUntil(isRolledOut, { within: '20m' })
    faults.powerOn('node-2')
    runUntil(() => cluster.node('node-2').ready, { within: '5m' })
  },
)

/** Pods of a Deployment that run and were not told to stop. */
const working = (cluster: Cluster, app: string): readonly Pod[] =>
  cluster
    .get<Pod>('pods', 'shop')
    .filter((pod) => pod.metadata.labels?.['app'] === app && kit.isActive(pod) && pod.status?.phase === 'Running')

const versions = (cluster: Cluster): ReadonlySet<string | undefined> =>
  new Set(working(cluster, 'api').map(({ spec }) => spec.containers[0]?.image))

const isOpen = (cluster: Cluster): boolean => DEPLOYMENTS.every((name) => cluster.deployment(name, 'shop').available)

const isRolledOut = (cluster: Cluster): boolean => {
  const { rolledOut, image } = cluster.deployment('api', 'shop')
  return rolledOut && image === NEW_API
}
