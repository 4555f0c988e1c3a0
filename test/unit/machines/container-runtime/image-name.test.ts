import { expect, test } from 'vitest'
import { parseName } from '../../../../machines/container-runtime/image-name.ts'

test.each([
  ['nginx', 'docker.io/library/nginx:latest', 'docker.io', 'library/nginx', 'latest'],
  ['busybox:1.36', 'docker.io/library/busybox:1.36', 'docker.io', 'library/busybox', '1.36'],
  ['shop/api:v2', 'docker.io/shop/api:v2', 'docker.io', 'shop/api', 'v2'],
  ['registry.test/ok/app:1', 'registry.test/ok/app:1', 'registry.test', 'ok/app', '1'],
  ['refused.test:5000/app:1', 'refused.test:5000/app:1', 'refused.test:5000', 'app', '1'],
  ['localhost/a', 'localhost/a:latest', 'localhost', 'a', 'latest'],
  ['a/b@sha256:12', 'docker.io/a/b@sha256:12', 'docker.io', 'a/b', 'sha256:12'],
])('%s is %s', (text, full, registry, path, reference) => {
  expect(parseName(text)).toEqual({ full, registry, path, reference })
})
