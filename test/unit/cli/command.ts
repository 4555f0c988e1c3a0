/** Runs a command of the command line in this process, and keeps what it printed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, vi } from 'vitest'
import { BadInput, complain, EXIT } from '../../../cli/failure.ts'

interface Parses {
  parseAsync(args: readonly string[], from: { from: 'user' }): Promise<unknown>
}
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** As `cli/main.ts` does it: what is thrown is complained about, and decides the exit code. */
export async function ran(command: Parses, ...args: readonly string[]): Promise<Ran> {
  const printed = { out: '', err: '' }
  const kept = (to: 'out' | 'err') => (text: unknown) => {
    printed[to] += String(text)
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(kept('out'))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(kept('err'))
  const { exitCode } = process
  process.exitCode = 0
  try {
    await command.parseAsync(args, { from: 'user' })
  } catch (error) {
    complain(error)
    process.exitCode = error instanceof BadInput ? EXIT.badInput : EXIT.broken
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
  const code = Number(process.exitCode)
  process.exitCode = exitCode
  return { code, ...printed }
}

/** A folder that is gone after the tests of the file. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orrery-'))
  afterAll(() => rmSync(path, { recursive: true }))
  return path
}

export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx
`
