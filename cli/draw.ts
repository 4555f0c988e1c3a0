/** `orrery draw`: charts of machines, and the sequence of a run, as pictures. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import type { AnyStateMachine } from 'xstate'
import { catalogue } from '../machines/catalogue.ts'
import { chartOf } from '../runtime/inspect/draw/chart.ts'
import { dot } from '../runtime/inspect/draw/dot.ts'
import { mermaid } from '../runtime/inspect/draw/mermaid.ts'
import { BadInput } from './failure.ts'
import { chartPages } from './generate/charts.ts'
import { logLines } from './load.ts'
import { sequenceOf } from './sequence.ts'
import { svg } from './svg.ts'
import { print } from './terminal.ts'

const FORMATS = ['mermaid', 'dot', 'svg', 'json'] as const
export type Format = (typeof FORMATS)[number]

export const drawCommand = () =>
  new Command('draw')
    .description('draw a machine, all machines, or the sequence of a run')
    .argument('[machine]', 'id of a machine (see: orrery machines)')
    .addOption(new Option('--format <format>', 'how').choices(FORMATS).default('mermaid' as Format))
    .option('--all', 'every machine')
    .option('--pages', 'with --all and --out: the pages of docs/charts')
    .option('--sequence <log>', 'the sequence of a run, from the log that orrery run --log wrote')
    .option('--out <path>', 'a file, or with --all a folder')
    .option('--json', 'the same as --format json')
    .action(async (id, flags) => {
      const format = flags.json === true ? 'json' : flags.format
      if (flags.sequence !== undefined) return give(sequenceOf(logLines(flags.sequence), format), flags.out)
      if (flags.all === true) return all(format, flags.out, flags.pages === true)
      if (id === undefined) throw new BadInput('name a machine, or use --all or --sequence; orrery machines lists them')
      give(await drawn(machineOf(id), format), flags.out)
    })

export function machineOf(id: string): AnyStateMachine {
  const found = catalogue.find(({ machine }) => machine.id === id)
  if (found !== undefined) return found.machine
  const near = catalogue.map(({ machine }) => machine.id).filter((each) => each.includes(id) || id.includes(each))
  throw new BadInput(
    `no machine "${id}"; ${near.length === 0 ? 'orrery machines lists them' : `did you mean ${near.join(', ')}?`}`,
  )
}

export async function drawn(machine: AnyStateMachine, format: Format): Promise<string> {
  const chart = chartOf(machine)
  if (format === 'json') return `${JSON.stringify(chart, undefined, 2)}\n`
  if (format === 'mermaid') return mermaid(chart)
  return format === 'dot' ? dot(chart) : svg(dot(chart))
}

const ENDINGS: Readonly<Record<Format, string>> = { mermaid: 'mmd', dot: 'dot', svg: 'svg', json: 'json' }

async function all(format: Format, folder: string | undefined, pages: boolean): Promise<void> {
  if (folder === undefined && format === 'json')
    return print(
      JSON.stringify(
        catalogue.map(({ machine }) => chartOf(machine)),
        undefined,
        2,
      ),
    )
  if (folder === undefined) {
    for (const { machine } of catalogue) print(await drawn(machine, format))
    return
  }
  mkdirSync(folder, { recursive: true })
  const files = pages ? await chartPages() : await plain(format)
  for (const [name, text] of files) writeFileSync(join(folder, name), text)
}

const plain = async (format: Format): Promise<[string, string][]> =>
  Promise.all(
    catalogue.map(
      async ({ machine }) => [`${machine.id}.${ENDINGS[format]}`, await drawn(machine, format)] as [string, string],
    ),
  )

function give(text: string, file: string | undefined): void {
  if (file === undefined) process.stdout.write(text)
  else writeFileSync(file, text)
}
