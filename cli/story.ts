/** `npm start`: the shop is opened, rolled to a new version while a worker loses power, and comes out whole. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import type { Cluster } from '../machines/cluster/cluster.ts'
import { createCluster } from '../machines/cluster/create.ts'
import { Memory } from '../runtime/inspect/why.ts'
import { whole } from './options.ts'
import { report } from './report.ts'
import { tables } from './tables.ts'
import { clock, Progress, paint, print } from './terminal.ts'
import { Timeline } from './timeline.ts'

const SHOP = ['docs/examples/shop', '../docs/examples/shop'].map((path) =>
  fileURLToPath(new URL(`../${path}`, import.meta.url)),
)
const DEPLOYMENTS = ['cart', 'api', 'web']

export const storyCommand = () =>
  new Command('story')
    .description('the main job: boot a cluster, open a shop, roll it out while a node is lost (npm start)')
    .option('--seed <n>', 'the seed of everything that is drawn', whole)
    .option('--report <file>', 'where the report goes', 'report.html')
    .action(async ({ seed, report: file }) => {
      const began = performance.now()
      const memory = new Memory()
      const progress = new Progress()
      print(paint('bold', '\nThree control planes and three workers are switched on.'))
      const cluster = createCluster({ nodes: 3, controlPlanes: 3, ...(seed === undefined ? {} : { seed }) })
      cluster.world.observe(memory.sink)
      cluster.look(() =>
        progress.show(
          `${clock(cluster.now)}  ${cluster.world.counts.count} steps of ${cluster.world.addresses.length} actors`,
        ),
      )
      const timeline = new Timeline(cluster, (line) => {
        progress.done()
        print(line)
      })
      tell(cluster)
      timeline.stop()
      progress.done()
      print(`\n${tables(cluster, ['nodes', 'deployments', 'pods', 'services'])}`)
      writeFileSync(file, await report(cluster, timeline.lines, memory.all))
      summary(cluster, began, file)
    })

function tell(cluster: Cluster): void {
  const folder = shopFolder()
  chapter(cluster, 'The shop is opened: kubectl apply -f docs/examples/shop')
  for (const name of readdirSync(folder).sort()) cluster.apply(readFileSync(join(folder, name), 'utf8'), name)
  cluster.runUntil(available, { within: '5m' })
  chapter(cluster, 'Everything is available. A new version of the API is rolled out …')
  cluster.kubectl.setImage('deployment/api', { api: 'registry.example.com/shop/api:1.5.0' }, { namespace: 'shop' })
  cluster.run('4s')
  chapter(cluster, '… and in the middle of it a worker loses power.')
  cluster.faults.powerOff('node-2')
  cluster.runUntil((c) => available(c) && DEPLOYMENTS.every((name) => c.deployment(name, 'shop').rolledOut), {
    within: '20m',
  })
  chapter(cluster, 'The new version is out and everything is available again, on two workers.')
  cluster.faults.powerOn('node-2')
  cluster.runUntil((c) => c.node('node-2').ready && available(c), { within: '5m' })
  chapter(cluster, 'The worker is back.')
}

const available = (cluster: Cluster): boolean => DEPLOYMENTS.every((name) => cluster.deployment(name, 'shop').available)

const chapter = (cluster: Cluster, text: string): void => print(`\n${paint('bold', `${clock(cluster.now)}  ${text}`)}`)

function shopFolder(): string {
  for (const folder of SHOP) {
    try {
      readdirSync(folder)
      return folder
    } catch {}
  }
  throw new Error('docs/examples/shop is missing: the package is not whole')
}

function summary(cluster: Cluster, began: number, file: string): void {
  const { count, started } = cluster.world.counts
  const real = ((performance.now() - began) / 1_000).toFixed(1)
  print(
    `${clock(cluster.now)} of virtual time in ${real} s: ${count} steps, ${started} actors were born, ${cluster.world.addresses.length} are alive.`,
  )
  print(`The report with pictures: ${relative(process.cwd(), file)}`)
}
