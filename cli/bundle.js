/** How the bundles are built: those for browsers, and the one file from which a live cluster starts. */
import { join } from 'node:path'

/**
 * For browsers: `machines` and `runtime` share their parts, so that both know one contract.
 * @param {string} root the repository
 * @param {string} outDir
 * @param {Record<string, string>} more further entries by name: files from the root
 * @returns a configuration for vite's `build`
 */
export const bundled = (root, outDir, more = {}) => ({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    lib: {
      entry: Object.fromEntries(
        Object.entries({ 'kube-orrery': 'machines/index.ts', runtime: 'runtime/index.ts', ...more }).map(
          ([name, file]) => [name, join(root, file)],
        ),
      ),
      formats: ['es'],
      fileName: (_format, name) => `${name}.js`,
    },
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    minify: true,
    chunkSizeWarningLimit: 10_000,
  },
})

/**
 * For Node: `serve`, `time` and `fault` with all that they need, as one CommonJS file for quick.js.
 * @param {string} root the repository
 * @param {string} outDir
 */
export const live = (root, outDir) => ({
  root,
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: join(root, 'cli/serve/main.ts'),
    outDir,
    target: 'node20',
    minify: false,
    rolldownOptions: { output: { format: 'cjs', codeSplitting: false, entryFileNames: 'main.cjs' } },
  },
})
