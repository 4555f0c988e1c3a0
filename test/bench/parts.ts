/** One part of the benchmarks, named by the argument, as JSON; without an argument the names of all. */
import type { Measured } from './bench.ts'
import { boot, deployments1000, nodes5000, pods5000, pods5000OnKubelets } from './control-plane.ts'
import { etcdCosts } from './etcd.ts'
import { forking } from './forking.ts'
import { nodesGrow, podsGrow } from './growth.ts'
import { idle } from './idle.ts'
import { pods } from './pods.ts'
import { scheduling } from './scheduling.ts'
import { serving } from './serving.ts'
import { minutes, shapes } from './shapes.ts'
import { bareStep, stepInWorld, worldStep } from './world-step.ts'

const PARTS: Readonly<Record<string, () => Measured | Promise<Measured>>> = {
  'world-step': worldStep,
  forking,
  etcd: etcdCosts,
  pods,
  scheduling,
  serving,
  boot,
  pods5000,
  kubelets: pods5000OnKubelets,
  deployments1000,
  nodes5000,
  'pods-grow': podsGrow,
  'nodes-grow': nodesGrow,
  idle,
  shapes,
}

/** What one part asks of further processes. */
const STEPS: Readonly<Record<string, () => number>> = {
  'bare-step': bareStep,
  'step-in-the-world': stepInWorld,
  minutes,
}

const [name = ''] = process.argv.slice(2)
const part = PARTS[name] ?? STEPS[name]
console.log(part === undefined ? Object.keys(PARTS).join('\n') : JSON.stringify(await part()))
