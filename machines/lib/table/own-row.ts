/** Rows of own kinds: the columns of their definition, found by JSON path (apiextensions-apiserver tableconvertor). */
import type { ApiObject } from '../../protocol/objects.ts'
import type { PrinterColumn, ResourceFacts } from '../schema.ts'
import { age } from './age.ts'
import { found } from './json-path.ts'
import type { Cell } from './rows.ts'

export function ownCells({ printerColumns }: ResourceFacts, object: ApiObject, now: number): readonly Cell[] {
  const { name, creationTimestamp } = object.metadata
  if (printerColumns === undefined) return [name, age(creationTimestamp, now)]
  return [name, ...printerColumns.map((column) => cell(column, object, now))]
}

function cell({ type, jsonPath }: PrinterColumn, object: ApiObject, now: number): Cell {
  const values = found(jsonPath, object)
  const [value] = values
  if (value === undefined) return null
  switch (type) {
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? age(value, now) : '<invalid>'
    default:
      return values.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(',')
  }
}
