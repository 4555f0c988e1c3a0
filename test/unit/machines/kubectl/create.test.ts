import { describe, expect, test } from 'vitest'
import { kubectlCreate } from '../../../../machines/kubectl/create.ts'
import type { Applied } from '../../../../machines/protocol/kubectl.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { finished, input, lost, ok, refused, request } from './words.ts'

const config = (name: string): Applied => ({
  resource: 'configmaps',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } },
})
const creating = (...objects: Applied[]) =>
  born(kubectlCreate, input({ command: 'create', objects }), 'kubectl/workstation/1')

describe('kubectl create', () => {
  test('makes one object after another, as they are written and without looking first', () => {
    const first = creating(config('a'), config('b'))
    expect(request(first.asked)).toMatchObject({ verb: 'create', resource: 'configmaps', body: config('a').object })
    const second = first.on(ok(config('a').object, 201))
    expect(request(second.asked)).toMatchObject({ verb: 'create', body: config('b').object })
    expect(finished(second.on(ok(config('b').object, 201)).asked)).toEqual({
      code: 0,
      lines: ['configmap/a created', 'configmap/b created'],
    })
  })

  test('goes on with the others when one is there already, and ends with 1', () => {
    const taken = refused(409, 'AlreadyExists', 'configmaps "a" already exists')
    const done = creating(config('a'), config('b'))
      .on(taken)
      .on(ok(config('b').object, 201))
    expect(finished(done.asked)).toEqual({
      code: 1,
      lines: ['Error from server (AlreadyExists): configmaps "a" already exists', 'configmap/b created'],
    })
  })

  test('ends when the connection breaks or nobody answers', () => {
    const asking = creating(config('a'))
    expect(finished(asking.on(lost).asked)).toEqual({ code: 1, lines: ['Unable to connect to the server: EOF'] })
    expect(finished(asking.after('request timeout').asked)?.code).toBe(1)
  })

  test('has nothing to do with no objects', () => {
    expect(finished(creating().asked)).toEqual({ code: 0, lines: [] })
  })
})

expectWhole(kubectlCreate)
