/** The story in headless Chromium, from the bundles that the package carries: the same log as in Node. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { build } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { bundled } from '../../cli/bundle.js'
import { needs } from '../kit/needs.ts'
import { manifests, told } from './digest.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const ORIGIN = 'http://localhost'
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'orrery-browser-'))
let browser: Browser | undefined

afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('in a browser, the story has the same log as in Node', async (context) => {
  needs(context, 'Chromium', CHROMIUM !== undefined)
  await build(bundled(root, folder, { story: 'test/determinism/story.ts' }))
  browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<title>kube-orrery</title>' })
    return route.fulfill({ contentType: 'text/javascript', body: readFileSync(join(folder, pathname), 'utf8') })
  })
  await page.goto(ORIGIN)
  expect(await page.evaluate(`(${IN_THE_PAGE})(${JSON.stringify(manifests)})`)).toBe(told())
})

/** Text, because it is written for the page's types, not for Node's. */
const IN_THE_PAGE = `async (manifests) => {
  const [{ createCluster }, { logLine }, { tell }] = await Promise.all(
    ['kube-orrery', 'runtime', 'story'].map((name) => import('${ORIGIN}/' + name + '.js')),
  )
  const lines = []
  tell({ createCluster, logLine }, manifests, { line: (line) => lines.push(line, '\\n') })
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines.join('')))
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}`
