/** Tables as `kubectl get` shows them. */
export { type Column, columnsOf } from './columns.ts'
export { aligned, type PrintOptions, printedTable } from './printed.ts'
export { type Cell, type Row, type RowCondition, rowOf } from './rows.ts'
