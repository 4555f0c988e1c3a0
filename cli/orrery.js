#!/usr/bin/env node
/** The command: the built one when there is one (an installed package, a clone after `npm ci`), else from source. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/cli/main.js', import.meta.url)
if (existsSync(fileURLToPath(built))) {
  await import(built.href)
} else {
  const { register } = await import('tsx/esm/api')
  register()
  await import(new URL('./main.ts', import.meta.url).href)
}
