import { expect, test } from 'vitest'
import { SyntaxFailure } from '../../../../../machines/workload/shell/lexer.ts'
import { parse } from '../../../../../machines/workload/shell/parser.ts'

test('a list is read with its joints and its background', () => {
  const [first, second] = parse('a && b || c; d &')
  expect(first?.rest.map(({ after }) => after)).toEqual(['success', 'failure'])
  expect([first?.background, second?.background]).toEqual([false, true])
})

test('words in quotes are no reserved words', () => {
  expect(parse('"if" x')[0]?.first.commands[0]).toMatchObject({ is: 'simple' })
})

test('a redirection knows its descriptor only when it stands before it', () => {
  const redirects = (text: string) => {
    const command = parse(text)[0]?.first.commands[0]
    return command?.is === 'simple' ? command.redirects.map(({ descriptor, does }) => [descriptor, does]) : []
  }
  expect(redirects('a 2>&1 >f <g >>h')).toEqual([
    [2, 'copy'],
    [1, 'write'],
    [0, 'read'],
    [1, 'append'],
  ])
  expect(redirects('a 2 > f')).toEqual([[1, 'write']])
})

test.each(['a |', 'if a; fi', 'for x in a; b', 'case a in b', ')', '{ a', '$(a', '${a', 'a & & b', '( a'])(
  '%s cannot be read',
  (text) => {
    expect(() => parse(text)).toThrow(SyntaxFailure)
  },
)
