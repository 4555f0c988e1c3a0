import { expect, test } from 'vitest'
import { candidates, isAddress, nodeOf, parseUrl } from '../../../../machines/workload/url.ts'

test('a URL tells host, port and path', () => {
  expect(parseUrl('http://web.a:8080/x/y')).toEqual({ host: 'web.a', port: 8080, path: '/x/y' })
  expect(parseUrl('10.0.0.1')).toEqual({ host: '10.0.0.1', port: 80, path: '/' })
  expect(() => parseUrl('')).toThrow('is not an address')
})

test('names with few dots are searched first, those that end in one are taken as they stand', () => {
  expect(candidates('web', ['a.svc', 'svc'])).toEqual(['web.a.svc', 'web.svc', 'web'])
  expect(candidates('a.b.c.d.e.f', ['svc'])).toEqual(['a.b.c.d.e.f', 'a.b.c.d.e.f.svc'])
  expect(candidates('web.', ['svc'])).toEqual(['web.'])
})

test('addresses are told from names, and belong to the node with their range', () => {
  expect([isAddress('10.0.0.1'), isAddress('web')]).toEqual([true, false])
  expect(nodeOf('10.244.2.9', [{ node: 'n', podCIDR: '10.244.2.0/24' }])).toBe('n')
})
