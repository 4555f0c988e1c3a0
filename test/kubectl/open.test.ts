/** What keeps a door from opening is told in a sentence. */
import { expect, test } from 'vitest'
import { BadInput } from '../../cli/failure.ts'
import { opened } from '../../cli/serve/open.ts'
import { createCluster } from '../../machines/cluster/create.ts'

const cluster = createCluster({ nodes: 0 })
const fail = (error: unknown): void => {
  throw error
}
const open = (port: number, kubeconfig: string) =>
  opened(cluster, { speed: 'paused', port, kubeconfig, broken: fail, complain: fail })

test('a port that there is not', async () => {
  await expect(open(70_000, 'unused')).rejects.toThrow(new BadInput('there is no port 70000; the highest is 65535'))
})
test('a kubeconfig that cannot be written', async () => {
  await expect(open(0, '/nowhere/at/all')).rejects.toThrow(/^\/nowhere\/at\/all: cannot be written \(ENOENT/)
})
