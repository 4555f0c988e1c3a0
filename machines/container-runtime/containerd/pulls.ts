/** Images as containerd keeps them, and pulls that are under way. */
import { type Decided, type Delivery, spawn } from '../../../runtime/contract.ts'
import type { Image, PullImage, RemoveImage } from '../../protocol/cri.ts'
import { conductOf } from '../../workload/behaviour.ts'
import { parseName } from '../image-name.ts'
import { findImage, imageNamed, pullMs } from '../images.ts'
import { pullFailure } from '../registry.ts'
import type { ImagePullInput, PullFinished } from './image-pull.ts'
import { keepImage, safely } from './records.ts'
import { askersOf, awaited, fail, type Runtime, reply } from './runtime.ts'
import { PULL_MS } from './timings.ts'

/** Joins a pull of the same image that is under way. */
export function pullImage(runtime: Runtime, { image }: PullImage, delivery: Delivery): Decided<Runtime> {
  const { full } = parseName(image)
  const waiting = awaited(runtime, `pull ${full}`, delivery)
  if (askersOf(runtime, `pull ${full}`).length > 0) return [{ waiting }, []]
  const attempt = runtime.pulls.get(full) ?? 0
  const load = pullMs(full, runtime.behaviours)
  const input: ImagePullInput = {
    runtime: delivery.self,
    image: full,
    outcome: conductOf(runtime.behaviours, full).pull,
    attempt,
    // Of an image that is there, only manifest and configuration are compared.
    loadMs: runtime.images.has(full) ? Math.min(load, PULL_MS) : load,
  }
  const pulls = runtime.pulls.set(full, attempt + 1)
  return [{ waiting, pulls }, spawn(`image-pull/${runtime.node}/${full}/${attempt}`, 'image-pull', input)]
}

export function pullFinished(runtime: Runtime, { image: name, outcome }: PullFinished): Decided<Runtime> {
  const askers = askersOf(runtime, `pull ${name}`)
  const waiting = runtime.waiting.delete(`pull ${name}`)
  if (outcome !== 'well') {
    const { code, error } = pullFailure(name, outcome)
    return [{ waiting }, askers.map((asker) => fail(asker, code, error))]
  }
  const image: Image = imageNamed(name, runtime.behaviours)
  const effects = [...safely(keepImage(name, image)), ...askers.map((asker) => reply(asker, { image }))]
  return [{ waiting, images: runtime.images.set(name, image) }, effects]
}

export function removeImage(runtime: Runtime, { image }: RemoveImage, delivery: Delivery): Decided<Runtime> {
  const name = findImage(runtime.images, runtime.behaviours, image)?.repoTags[0]
  if (name === undefined) return [{}, reply(delivery)]
  return [{ images: runtime.images.delete(name) }, [keepImage(name, undefined), reply(delivery)]]
}
