/** The command as a user starts it. A process takes its second: what can be tested without one is tested without one. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const orrery = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('help lists the commands and ends well', () => {
  const { status, stdout } = orrery('--help')
  expect(status).toBe(0)
  for (const command of ['run', 'draw', 'check', 'replay', 'why', 'machines']) expect(stdout).toContain(`  ${command} `)
})

test('a bad flag ends with 2 and says what to write', () => {
  expect(orrery('run', 'docs/examples/shop', '--nodes', 'many')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^orrery: option '--nodes <n>' argument 'many' is invalid\. Write a whole number/),
  })
})

test('a command that nobody knows ends with 2', () => {
  expect(orrery('rnu')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^orrery: unknown command 'rnu'/) })
})

test('without a terminal there are no colours', () => {
  const { status, stdout } = orrery('machines')
  expect(status).toBe(0)
  expect(stdout).not.toContain('\u001b')
})

test('who reads only the first line hears no complaint', () => {
  const read = spawnSync('sh', ['-c', `"${process.execPath}" --import tsx cli/main.ts machines --json | head -n 1`], {
    encoding: 'utf8',
  })
  expect([read.stdout, read.stderr.replace(/^npm warn.*\n/gm, '')]).toEqual(['[\n', ''])
})
