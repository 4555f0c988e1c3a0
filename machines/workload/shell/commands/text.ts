/** Programs that print and filter text, as BusyBox has them. */
import { rfc3339 } from '../../../lib/time.ts'
import { complain, flags, type Invocation, input, linesOf, operands, out, type Programs } from './command.ts'

export const text: Programs = {
  echo(invocation) {
    const plain = invocation.argv[1] === '-n'
    const escaped = invocation.argv[1] === '-e'
    const words = invocation.argv.slice(plain || escaped ? 2 : 1).join(' ')
    out(invocation, `${escaped ? unescaped(words) : words}${plain ? '' : '\n'}`)
    return 0
  },
  printf(invocation) {
    const [, format = '', ...values] = invocation.argv
    let next = 0
    out(
      invocation,
      unescaped(format).replace(/%[-0-9.]*([sdi%])/g, (_, kind) =>
        kind === '%' ? '%' : (values[next++] ?? (kind === 's' ? '' : '0')),
      ),
    )
    return 0
  },
  cat(invocation) {
    const [content, status] = input(invocation, operands(invocation))
    out(invocation, content)
    return status
  },
  sort: (invocation) => {
    const byNumber = flags(invocation).includes('n')
    return filter(invocation, (lines) =>
      lines.sort((a, b) => (byNumber ? Number.parseFloat(a) - Number.parseFloat(b) || compared(a, b) : compared(a, b))),
    )
  },
  uniq: (invocation) => filter(invocation, (lines) => lines.filter((line, i) => line !== lines[i - 1])),
  head: (invocation) => ends(invocation, (lines, count) => lines.slice(0, count)),
  tail(invocation) {
    const { argv, run } = invocation
    if (argv.includes('/dev/zero')) return { on: 'memory', until: run.now + FILLING_MEMORY_MS }
    const status = ends(invocation, (lines, count) => (count === 0 ? [] : lines.slice(-count)))
    return flags(invocation).toLowerCase().includes('f') ? { on: 'nothing to come' } : status
  },
  wc(invocation) {
    const [content, status] = input(invocation, operands(invocation))
    const counts = {
      l: content.split('\n').length - 1,
      w: content.split(/\s+/).filter(Boolean).length,
      c: content.length,
    }
    const asked = flags(invocation).replace(/[^lwc]/g, '') || 'lwc'
    out(invocation, `${[...asked].map((each) => counts[each as 'l']).join(' ')}\n`)
    return status
  },
  grep(invocation) {
    const asked = flags(invocation)
    const [pattern = '', ...files] = operands(invocation)
    const [content, status] = input(invocation, files)
    const wanted = new RegExp(pattern, asked.includes('i') ? 'i' : '')
    const found = linesOf(content).filter((line) => wanted.test(line) !== asked.includes('v'))
    if (asked.includes('c')) out(invocation, `${found.length}\n`)
    else if (!asked.includes('q')) out(invocation, found.map((line) => `${line}\n`).join(''))
    return status > 0 ? 2 : found.length > 0 ? 0 : 1
  },
  sed(invocation) {
    const [expression = '', ...files] = operands(invocation)
    const found = /^s(.)(.*?)\1(.*?)\1(g?)$/.exec(expression)
    if (found === null) return complain(invocation, `unsupported command ${expression.slice(0, 1)}`)
    const [, , pattern = '', replacement = '', all = ''] = found
    const wanted = new RegExp(pattern, all)
    return filter(invocation, (lines) => lines.map((line) => line.replace(wanted, replacement)), files)
  },
  seq(invocation) {
    const numbers = operands(invocation).map(Number)
    const [first = 1, step = 1, last = 0] =
      numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers
    if (step <= 0) return 0
    for (let n = first; n <= last; n += step) out(invocation, `${n}\n`)
    return 0
  },
  date(invocation) {
    const { run } = invocation
    const format = operands(invocation).find((each) => each.startsWith('+'))
    const iso = rfc3339(run.now)
    const [day = '', clock = ''] = iso.replace('Z', '').split('T')
    const fields: Readonly<Record<string, string>> = {
      s: String(Math.floor(run.now / 1_000)),
      N: String(Math.round((run.now % 1_000) * 1_000_000)).padStart(9, '0'),
      F: day,
      T: clock,
      H: clock.slice(0, 2),
      M: clock.slice(3, 5),
      S: clock.slice(6, 8),
      Y: day.slice(0, 4),
      m: day.slice(5, 7),
      d: day.slice(8, 10),
    }
    out(
      invocation,
      `${format === undefined ? iso : format.slice(1).replace(/%(.)/g, (all, key) => fields[key] ?? all)}\n`,
    )
    return 0
  },
  env(invocation) {
    for (const [name, value] of Object.entries(invocation.process.variables)) out(invocation, `${name}=${value}\n`)
    return 0
  },
  tr(invocation) {
    const [from = '', to = ''] = operands(invocation)
    const drop = flags(invocation).includes('d')
    out(
      invocation,
      [...invocation.process.stdin]
        .flatMap((char) => {
          const i = unescaped(from).indexOf(char)
          return i < 0 ? [char] : drop ? [] : [unescaped(to)[Math.min(i, to.length - 1)] ?? '']
        })
        .join(''),
    )
    return 0
  },
}

/** From the recordings: `tail /dev/zero` meets its limit of some MiB within half a second. */
const FILLING_MEMORY_MS = 300

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function filter(
  invocation: Invocation,
  change: (lines: string[]) => readonly string[],
  paths = operands(invocation),
): number {
  const [content, status] = input(invocation, paths)
  out(
    invocation,
    change(linesOf(content))
      .map((line) => `${line}\n`)
      .join(''),
  )
  return status
}

/** `head` and `tail`: `-n 3`, `-n3`, `-3`; ten lines when not told. */
function ends(invocation: Invocation, part: (lines: readonly string[], count: number) => readonly string[]): number {
  const [, told] = /(?:^| )-n? ?(\d+)/.exec(invocation.argv.join(' ')) ?? []
  const files = operands(invocation).filter((each) => each !== told)
  const [content, status] = input(invocation, files)
  out(
    invocation,
    part(linesOf(content), Number(told ?? 10))
      .map((line) => `${line}\n`)
      .join(''),
  )
  return status
}

function unescaped(words: string): string {
  const codes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' }
  return words.replace(/\\([ntr\\])/g, (_, code) => codes[code] as string)
}
