#!/usr/bin/env node
/** The command: the built one when there is one (an installed package, a clone after `npm ci`), else from source. */
import { existsSync } from 'node:fs'
import * as modules from 'node:module'
import { fileURLToPath } from 'node:url'
import { quick } from './quick.js'

/** What a live cluster is spoken to with is one file: see bundle.js. */
const LIVE = new Set(['serve', 'time', 'fault'])

const place = (path) => fileURLToPath(new URL(path, import.meta.url))
const live = place('../dist/live/main.cjs')
const built = new URL('../dist/cli/main.js', import.meta.url)

if (LIVE.has(process.argv[2]) && existsSync(live)) {
  quick(live)
} else if (existsSync(fileURLToPath(built))) {
  modules.enableCompileCache?.()
  await import(built.href)
} else {
  const { register } = await import('tsx/esm/api')
  register()
  await import(new URL('./main.ts', import.meta.url).href)
}
