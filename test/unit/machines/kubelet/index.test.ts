import { expect, test } from 'vitest'
import * as machines from '../../../../machines/kubelet/index.ts'
import { compile } from '../../../../runtime/compile/compile.ts'
import { lint } from '../../../../runtime/lint.ts'

for (const machine of Object.values(machines)) {
  test(`the chart ${machine.id} is in order`, () => {
    expect(lint(machine)).toEqual([])
    compile(machine)
  })
}
