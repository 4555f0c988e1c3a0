/** `orrery fault`: breaks and mends parts of a running `orrery serve`. */
import { Command } from '@commander-js/extra-typings'
import type { TimeTold } from './serve/control.ts'
import { kubeconfigOf, remote } from './serve/remote.ts'
import { print } from './terminal.ts'

export const faultCommand = () =>
  new Command('fault')
    .description('crash, restart, stop, start a process; cut, heal hosts; slow, mend disks; power off, on')
    .argument('<fault>', 'crash, restart, stop, start, cut, heal, slow-disk, mend-disk or power')
    .argument('[on...]', 'kubelet/node-1; node-1 [node-2]; cp-1 300ms; off node-1')
    .option('--kubeconfig <file>', 'which cluster (else KUBECONFIG, else orrery.kubeconfig)')
    .action(async (fault, on, { kubeconfig }) => {
      const { now } = await remote<TimeTold>(kubeconfigOf(kubeconfig), '/orrery/fault', { fault, on })
      print(`${now}  ${[fault, ...on].join(' ')}`)
    }) as never
