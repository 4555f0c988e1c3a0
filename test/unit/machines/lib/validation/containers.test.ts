import { expect, test } from 'vitest'
import { checkContainers, checkImages, checkInitContainers } from '../../../../../machines/lib/validation/containers.ts'
import { told } from './told.ts'

const container = (rest: object = {}) => ({
  name: 'c',
  image: 'i',
  imagePullPolicy: 'Always',
  terminationMessagePolicy: 'File',
  ...rest,
})
const of = (...containers: object[]) => told((found) => checkContainers(found, 'c', { containers } as never, new Set()))
const init = (...initContainers: object[]) =>
  told((found) => checkInitContainers(found, 'i', { containers: [container()], initContainers } as never, new Set()))

test.each([
  [[container()], []],
  [[], ['c: Required value']],
  [[container({ name: '', image: '' })], ['c[0].name: Required value', 'c[0].image: Required value']],
  [[container(), container()], ['c[1].name: Duplicate value: "c"']],
  [[container({ restartPolicy: 'Always' })], ['c[0].restartPolicy: Forbidden: may not be set for non-init containers']],
  [[container({ imagePullPolicy: '' })], ['c[0].imagePullPolicy: Required value']],
  [[container({ ports: [{ containerPort: 0, protocol: 'TCP' }] })], ['c[0].ports[0].containerPort: Required value']],
  [[container({ ports: [{ containerPort: 80, hostPort: 70_000, protocol: 'X', name: 'WWW' }] })], 4],
  [
    [
      container({
        ports: [
          { containerPort: 80, name: 'a', protocol: 'TCP' },
          { containerPort: 81, name: 'a', protocol: 'TCP' },
        ],
      }),
    ],
    ['c[0].ports[1].name: Duplicate value: "a"'],
  ],
  [
    [
      container({
        ports: [
          { containerPort: 80, hostPort: 80, protocol: 'TCP' },
          { containerPort: 80, hostPort: 80, protocol: 'TCP' },
        ],
      }),
    ],
    ['c[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
  ],
])('%j', (containers, expected) => {
  const found = of(...containers)
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
test('an init container has other names, and no probes', () => {
  expect(init(container({ name: 'i' }))).toEqual([])
  expect(init(container())).toEqual(['i[0].name: Duplicate value: "c"'])
  expect(init(container({ name: 'i', lifecycle: {} }))).toEqual([
    'i[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always',
  ])
  expect(init(container({ name: 'i', restartPolicy: 'Never' }))).toHaveLength(1)
  expect(init(container({ name: 'i', restartPolicy: 'Always', livenessProbe: {} }))).toHaveLength(2)
})
test('an image has no blanks around it', () => {
  expect(told((found) => checkImages(found, 'c', [{ name: 'c', image: ' i' }]))).toHaveLength(1)
})
