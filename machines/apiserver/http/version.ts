/** /version: k8s.io/apimachinery/pkg/version.Info. */
import type { Profile } from '../../lib/schema.ts'
import type { HttpResponse } from './words.ts'
import { written } from './writing.ts'

export function versionInfo(path: string, { version }: Profile): HttpResponse | undefined {
  if (path !== '/version' && path !== '/version/') return undefined
  const [major, minor] = version.slice(1).split('.')
  return written(200, {
    major,
    minor,
    gitVersion: `${version}.5`,
    gitCommit: '9894294ef13a5b32803e3ca2c0d620a088cc84d1',
    gitTreeState: 'clean',
    buildDate: '2025-05-15T09:05:40Z',
    goVersion: 'go1.23.8',
    compiler: 'gc',
    platform: 'linux/amd64',
  })
}
