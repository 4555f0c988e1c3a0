/** `serve` on a real etcd, where one is installed, as a command of its own: what it is told to apply may be refused. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../kit/needs.ts'
import { etcdVersion, type RealEtcd, startEtcd } from '../kit/real-etcd.ts'
import { folder, WEB } from '../unit/cli/command.ts'

let real: RealEtcd | undefined
beforeAll(async () => {
  if (etcdVersion() !== undefined) real = await startEtcd()
}, 60_000)
afterAll(() => real?.stop())

const files = folder()

test('a manifest that the API refuses is told with file, line and field, and the command ends with 2', (context) => {
  needs(context, 'etcd', real !== undefined)
  const refused = join(files, 'refused.yaml')
  writeFileSync(refused, WEB.replace('app: web } }\n  template', 'app: other } }\n  template'))
  const flags = ['--etcd-servers', (real as RealEtcd).url, '--apply', refused, '--port', '0']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'cli/main.ts', 'serve', ...flags, '--kubeconfig', join(files, 'kubeconfig')],
    { encoding: 'utf8', timeout: 100_000 },
  )
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/refused\.yaml:9:25: spec\.template\.metadata\.labels: .*selector/)
}, 120_000)
