/** A table as kubectl prints it: headers in capitals, columns at least six wide, three spaces between them. */
import type { Column } from './columns.ts'
import type { Cell, Row } from './rows.ts'

export interface PrintOptions {
  readonly wide?: boolean
  readonly noHeaders?: boolean
  /** The namespace of each row, for the first column of `-A`. */
  readonly namespaces?: readonly string[] | undefined
}
const MIN_WIDTH = 6
const PADDING = 3

/** Every line ends with a line feed; a table without rows is `''`. */
export function printedTable(
  columns: readonly Column[],
  rows: readonly Row[],
  { wide = false, noHeaders = false, namespaces }: PrintOptions = {},
): string {
  if (rows.length === 0) return ''
  const shown = columns.flatMap(({ priority }, i) => (wide || priority === 0 ? [i] : []))
  const headers = shown.map((i) => (columns[i] as Column).name.toUpperCase())
  const lines = rows.map(({ cells }) => shown.map((i) => cellText(cells[i])))
  const all = noHeaders ? lines : [headers, ...lines]
  return aligned(
    namespaces === undefined ? all : inNamespaces(all, noHeaders ? namespaces : ['NAMESPACE', ...namespaces]),
  )
}

const inNamespaces = (lines: readonly (readonly string[])[], first: readonly string[]) =>
  lines.map((line, i) => [first[i] ?? '', ...line])

/** Aligns columns as Go's tabwriter does with kubectl's settings. The last cell of a line is not padded. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const line of lines) {
    for (const [i, cell] of line.slice(0, -1).entries()) {
      widths[i] = Math.max(widths[i] ?? MIN_WIDTH, [...cell].length + PADDING)
    }
  }
  return lines
    .map(
      (line) =>
        `${line.map((cell, i) => (i === line.length - 1 ? cell : padded(cell, widths[i] as number))).join('')}\n`,
    )
    .join('')
}
const padded = (cell: string, width: number): string => cell + ' '.repeat(width - [...cell].length)

/** Cut off at the first line break; escape characters are shown. */
function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  const text = String(cell)
  const at = text.search(/[\f\n\r]/)
  return (at < 0 ? text : `${text.slice(0, at)}...`).replaceAll('\x1b', '^[')
}
