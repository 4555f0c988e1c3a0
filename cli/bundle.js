/** How the bundles for browsers are built: `machines` and `runtime` share their parts, so that both know one contract. */
import { join } from 'node:path'

/**
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
