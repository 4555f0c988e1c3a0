/** What common images are known to do. The first entry that fits and tells a field wins; scenarios come before these. */
import type { Behaviour } from '../protocol/workload.ts'

const MB = 1_000_000

/** `slow4/…` sends its layer after four seconds. */
const slowRegistries: readonly Behaviour[] = Array.from({ length: 12 }, (_, i) => ({
  image: `*.test*/slow${i + 1}/*`,
  pullMs: (i + 1) * 1_000 + 270,
  sizeBytes: 2_130_560,
  toolsOnly: true,
}))

export const KNOWN_IMAGES: readonly Behaviour[] = [
  // BusyBox as the first process of a container ignores SIGTERM; its shell without a terminal ends at once.
  { image: '*busybox*', sizeBytes: 2_130_616, entrypoint: ['sh'], toolsOnly: true },
  { image: '*alpine*', sizeBytes: 3.6 * MB, entrypoint: ['/bin/sh'], toolsOnly: true },
  { image: 'docker.io/library/debian*', sizeBytes: 48 * MB, entrypoint: ['bash'], toolsOnly: true },
  { image: 'docker.io/library/ubuntu*', sizeBytes: 30 * MB, entrypoint: ['/bin/bash'], toolsOnly: true },
  {
    image: '*/pause:*',
    sizeBytes: 0.3 * MB,
    preloaded: true,
    user: 65_535,
    serves: [],
    onTerm: { afterMs: 1, code: 0 },
  },
  {
    image: '*hello-world*',
    sizeBytes: 0.01 * MB,
    exits: { afterMs: 10, code: 0 },
    logs: [{ afterMs: 0, text: '\nHello from Docker!\n' }],
  },
  // Stop signal SIGQUIT: finishes the requests it has, then ends with 0.
  { image: '*nginx*', sizeBytes: 72 * MB, readyAfterMs: 50, serves: [{ port: 80 }], onTerm: { afterMs: 20, code: 0 } },
  {
    image: 'docker.io/library/httpd*',
    sizeBytes: 58 * MB,
    readyAfterMs: 50,
    serves: [{ port: 80 }],
    onTerm: { afterMs: 20, code: 0 },
  },
  {
    image: '*redis*',
    sizeBytes: 45 * MB,
    readyAfterMs: 100,
    serves: [{ port: 6_379 }],
    onTerm: { afterMs: 20, code: 0 },
  },
  {
    image: '*postgres*',
    sizeBytes: 155 * MB,
    readyAfterMs: 2_000,
    serves: [{ port: 5_432 }],
    onTerm: { afterMs: 100, code: 0 },
  },
  {
    image: 'docker.io/library/mysql*',
    sizeBytes: 230 * MB,
    readyAfterMs: 10_000,
    serves: [{ port: 3_306 }],
    onTerm: { afterMs: 1_500, code: 0 },
  },
  {
    image: 'docker.io/library/mongo*',
    sizeBytes: 275 * MB,
    readyAfterMs: 1_000,
    serves: [{ port: 27_017 }],
    onTerm: { afterMs: 100, code: 0 },
  },
  {
    image: 'docker.io/library/rabbitmq*',
    sizeBytes: 110 * MB,
    readyAfterMs: 5_000,
    serves: [{ port: 5_672 }, { port: 15_672 }],
    onTerm: { afterMs: 2_000, code: 0 },
  },
  { image: '*memcached*', sizeBytes: 32 * MB, serves: [{ port: 11_211 }], onTerm: { afterMs: 10, code: 0 } },
  {
    image: '*coredns*',
    sizeBytes: 18 * MB,
    serves: [{ port: 53 }, { port: 8_080 }, { port: 8_181 }, { port: 9_153 }],
    onTerm: { afterMs: 5_000, code: 0 },
  },
  // Interpreters install no handler, and the kernel keeps SIGTERM from a first process without one.
  { image: 'docker.io/library/node:*', sizeBytes: 400 * MB, onTerm: 'ignored' },
  { image: 'docker.io/library/python:*', sizeBytes: 370 * MB, onTerm: 'ignored' },
  // A Go program that does not handle SIGTERM raises it again, survives that as first process, and exits with 2.
  { image: '*/agnhost:*', sizeBytes: 53 * MB, entrypoint: ['/agnhost', 'pause'], onTerm: { afterMs: 1, code: 2 } },
  // Hosts of the reserved domain `.test` answer as the path says, so that a scenario can name a registry that fails.
  { image: '*.test*/missing/*', pull: 'missing' },
  { image: '*.test*/private/*', pull: 'private' },
  { image: '*.test*/denied/*', pull: 'denied' },
  { image: '*.test*/broken/*', pull: 'broken' },
  { image: '*.test*/flaky/*', pull: 'flaky', sizeBytes: 2_130_616, pullMs: 25, toolsOnly: true },
  { image: 'refused.test*', pull: 'refused' },
  { image: '*.invalid*/*', pull: 'unknown host' },
  ...slowRegistries,
  { image: '*.test*', pullMs: 40, sizeBytes: 2_130_616, toolsOnly: true },
]
