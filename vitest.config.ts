import { defineConfig } from 'vitest/config'

/** Tests that start servers, browsers or commands: what they leave behind ends with their process. */
const OUTSIDE = ['cli', 'kubectl', 'differential', 'package', 'determinism'].flatMap((folder) => [
  `test/${folder}/**/*.test.ts`,
  `test/unit/${folder}/**/*.test.ts`,
])
const outside = [...OUTSIDE, 'docs/examples/**/*.test.ts']

export default defineConfig({
  test: {
    reporters: ['./test/kit/reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    setupFiles: ['test/kit/each-file.ts'],
    projects: [
      { extends: true, test: { name: 'outside', include: outside } },
      // Loading the modules anew for each of five hundred files took a quarter of the time.
      { extends: true, test: { name: 'model', include: ['test/**/*.test.ts'], exclude: outside, isolate: false } },
    ],
  },
})
