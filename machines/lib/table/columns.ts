/** The columns in which a server prints its resources for `kubectl get` (metav1.TableColumnDefinition). */
import type { PrinterColumn, ResourceFacts } from '../schema.ts'

export interface Column {
  readonly name: string
  readonly type: string
  readonly format: string
  /** Zero is always shown; more only in wide output. */
  readonly priority: number
  readonly description?: string
}

const NAME: Column = { name: 'Name', type: 'string', format: 'name', priority: 0 }
const AGE: Column = { name: 'Age', type: 'date', format: '', priority: 0 }
const CREATED_AT: Column = { name: 'Created At', type: 'date', format: '', priority: 0 }

/** Own kinds have a name, then their printer columns; without any, their age. Kinds nobody prints show `Created At`. */
export function columnsOf({ columns, printerColumns, custom }: ResourceFacts): readonly Column[] {
  if (columns !== undefined) return columns
  if (printerColumns !== undefined) return [NAME, ...printerColumns.map(ownColumn)]
  return custom ? [NAME, AGE] : [NAME, CREATED_AT]
}

const ownColumn = ({ name, type, format = '', priority = 0 }: PrinterColumn): Column => ({
  name,
  type,
  format,
  priority,
})
