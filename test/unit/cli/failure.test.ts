import { expect, test, vi } from 'vitest'
import { BadInput, complain, understood } from '../../../cli/failure.ts'
import { BadManifests } from '../../../machines/cluster/cluster.ts'
import { BadOptions } from '../../../machines/cluster/options.ts'

test("errors of the library that are the user's to mend are bad input", () => {
  for (const error of [new BadManifests('a.yaml:1:1: no'), new BadOptions('nodes: no')])
    expect(understood(error)).toEqual(new BadInput(error.message))
  const other = new TypeError('ours')
  expect(understood(other)).toBe(other)
})

test('a stack is shown only of what nobody expected', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  complain(new BadInput('write 3'))
  complain(new TypeError('ours'))
  complain('a text')
  const said = write.mock.calls.map(([text]) => String(text))
  write.mockRestore()
  expect(said[0]).toBe('write 3\n')
  expect(said[1]).toMatch(/^TypeError: ours\n +at /)
  expect(said[2]).toBe('a text\n')
})
