/** Reads the struct types of a Go package, as far as encoding/json cares: names, pointers, omitempty. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface GoField {
  readonly pointer: boolean
  readonly omitEmpty: boolean
}
/** By JSON name, in order; embedded structs are spread out. */
export type GoFields = ReadonlyMap<string, GoField>

interface Line extends GoField {
  readonly json: string
  readonly type: string
  readonly inline: boolean
}
const packages = new Map<string, ReadonlyMap<string, GoFields>>()

/** All struct types of a package, by name. */
export function goStructs(folder: string): ReadonlyMap<string, GoFields> {
  const known = packages.get(folder)
  if (known !== undefined) return known
  const written = new Map<string, readonly Line[]>()
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.go') && !file.endsWith('_test.go')) readFile(join(folder, file), written)
  }
  const structs = new Map([...written.keys()].map((name) => [name, flat(name, written)]))
  packages.set(folder, structs)
  return structs
}

function readFile(path: string, into: Map<string, readonly Line[]>): void {
  for (const [, name, body] of readFileSync(path, 'utf8').matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    into.set(name as string, [...(body as string).matchAll(FIELD)].map(lineOf))
  }
}
const FIELD = /^\t(?:(\w+)[ \t]+)?([*[\]\w.]+)[ \t]+`json:"([^"]*)"/gm

function lineOf([, , type, tag]: RegExpMatchArray | RegExpExecArray): Line {
  const [json, ...flags] = (tag as string).split(',')
  return {
    json: json as string,
    type: type as string,
    pointer: (type as string).startsWith('*'),
    omitEmpty: flags.includes('omitempty'),
    inline: flags.includes('inline'),
  }
}

function flat(name: string, written: ReadonlyMap<string, readonly Line[]>): GoFields {
  const fields = new Map<string, GoField>()
  for (const { json, type, pointer, omitEmpty, inline } of written.get(name) ?? []) {
    if (!inline) fields.set(json, { pointer, omitEmpty })
    else if (type.endsWith('TypeMeta')) for (const each of ['kind', 'apiVersion']) fields.set(each, KEPT)
    else for (const [key, field] of flat(type, written)) fields.set(key, field)
  }
  return fields
}
/** apiVersion and kind are set by whoever serves the object. */
const KEPT: GoField = { pointer: true, omitEmpty: true }
