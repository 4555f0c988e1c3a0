import { describe, expect, test } from 'vitest'
import {
  isEverything,
  isSelection,
  isUnfiltered,
  type Selection,
  selectionOf,
  selects,
} from '../../../../machines/apiserver/selection.ts'
import { factsOf } from '../../../../machines/apiserver/served.ts'
import type { ResourceFacts } from '../../../../machines/lib/schema.ts'
import type { RequestOptions, Status } from '../../../../machines/protocol/api.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'

const pods = factsOf([], 'pods') as ResourceFacts
const user = { name: 'a', groups: [] }
const of = (options: RequestOptions | undefined, namespace?: string): Selection | Status =>
  selectionOf(
    {
      type: 'api.request',
      user,
      verb: 'list',
      resource: 'pods',
      ...(namespace === undefined ? {} : { namespace }),
      ...(options === undefined ? {} : { options }),
    },
    pods,
  )
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', labels: { a: 'b' } },
  spec: { nodeName: 'n' },
} as unknown as ApiObject

describe('a selection', () => {
  test('without selectors is everything, or everything of a namespace', () => {
    expect(isEverything(of(undefined) as Selection)).toBe(true)
    expect([
      isEverything(of(undefined, 'default') as Selection),
      isUnfiltered(of(undefined, 'default') as Selection),
    ]).toEqual([false, true])
  })
  test('by the node or by the name can be looked up', () => {
    expect(of({ fieldSelector: 'spec.nodeName=n' })).toMatchObject({ node: 'n', name: undefined })
    expect(of({ fieldSelector: 'metadata.name=p' })).toMatchObject({ name: 'p' })
    expect(of({ fieldSelector: 'spec.nodeName=' })).toMatchObject({ node: undefined })
    expect(of({ fieldSelector: 'spec.nodeName!=n' })).toMatchObject({ node: undefined })
  })
  test.each([
    ['a label', { labelSelector: 'a=b' }, undefined, true],
    ['another label', { labelSelector: 'a!=b' }, undefined, false],
    ['a field', { fieldSelector: 'spec.nodeName=n' }, undefined, true],
    ['another field', { fieldSelector: 'status.phase=Running' }, undefined, false],
    ['another namespace', undefined, 'other', false],
  ])('selects by %s', (_, options, namespace, selected) => {
    expect(selects(of(options, namespace) as Selection, pod)).toBe(selected)
  })
  test.each([
    [{ fieldSelector: 'spec.priority=1' }, 'field label not supported: spec.priority'],
    [{ labelSelector: 'a b=c' }, "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    [{ fieldSelector: 'foo' }, "invalid selector: 'foo'; can't understand 'foo'"],
  ])('that cannot be understood says why: %o', (options, message) => {
    const status = of(options)
    expect(isSelection(status) ? undefined : status.message).toBe(message)
  })
})
