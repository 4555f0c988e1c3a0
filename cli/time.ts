/** `orrery time`: the clock of a running `orrery serve`. */
import { Command } from '@commander-js/extra-typings'
import { BadInput } from './failure.ts'
import { duration } from './options.ts'
import type { TimeOrder, TimeTold } from './serve/control.ts'
import { kubeconfigOf, remote } from './serve/remote.ts'
import { clock, print } from './terminal.ts'

export const timeCommand = () =>
  new Command('time')
    .description('what time it is in a running cluster; pause, resume, speed 10x, advance 1h')
    .argument('[order]', 'pause, resume, speed or advance')
    .argument('[value]', 'real, 10x, max, paused or lockstep; a duration')
    .option('--kubeconfig <file>', 'which cluster (else KUBECONFIG, else orrery.kubeconfig)')
    .action(async (order, value, { kubeconfig }) => {
      const { now, virtualMs, speed } = await remote<TimeTold>(
        kubeconfigOf(kubeconfig),
        '/orrery/time',
        orderOf(order, value),
      )
      print(`${now}  ${clock(virtualMs)} since power-on, speed ${speed}`)
    }) as never

function orderOf(order: string | undefined, value: string | undefined): TimeOrder {
  switch (order) {
    case undefined:
      return {}
    case 'pause':
      return { speed: 'paused' }
    case 'resume':
      return { resume: true }
    case 'speed':
      return { speed: wanted(value, 'speed', 'real, 10x, max, paused or lockstep') }
    case 'advance':
      return { advanceMs: durationOf(wanted(value, 'advance', 'a duration, for example 1h')) }
    default:
      throw new BadInput(`there is no "${order}"; there are pause, resume, speed and advance`)
  }
}

function wanted(value: string | undefined, order: string, what: string): string {
  if (value === undefined) throw new BadInput(`${order} wants ${what}`)
  return value
}

function durationOf(text: string): number {
  try {
    return duration(text)
  } catch {
    throw new BadInput(`"${text}" is no duration; write for example 90s, 10m or 1h30m`)
  }
}
