import { expect, test } from 'vitest'
import { vocabulary } from '../../../../../machines/kubelet/pod/vocabulary.ts'

test('a chart of these words alone can be made', () => {
  expect(vocabulary.createMachine({ context: {} as never, initial: 'idle', states: { idle: {} } }).id).toBeDefined()
})
