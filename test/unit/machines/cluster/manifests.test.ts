import { expect, test } from 'vitest'
import { inWords, placeOf, readManifests } from '../../../../machines/cluster/manifests.ts'
import { extended } from '../../../../machines/lib/schema.ts'
import v132 from '../../../../machines/profiles/v1.32/index.ts'

const read = (text: string) => readManifests(text, 'a.yaml', v132)
const problems = (text: string): string[] => read(text).problems.map(inWords)

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
`

test('many documents and lists are read in order; what has no namespace is in default', () => {
  const { objects } = read(`${POD}---
# nothing here
---
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: shop } }
  - { apiVersion: v1, kind: Namespace, metadata: { name: shop } }
`)
  expect(objects.map(({ resource, object }) => [resource, object.metadata.namespace, object.metadata.name])).toEqual([
    ['pods', 'default', 'web'],
    ['configmaps', 'shop', 'a'],
    ['namespaces', undefined, 'shop'],
  ])
})

test('JSON is YAML, and nothing is no problem', () => {
  expect(read(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } })).objects).toHaveLength(1)
  expect(read('')).toEqual({ objects: [], problems: [] })
})

test.each([
  ['a text that is broken', 'apiVersion: v1\nkind: [Pod\n', /^a\.yaml:\d+:\d+: /],
  ['a text that is no object', '- just\n- a list\n', /^a\.yaml:1:1: is no object; every document has apiVersion/],
  ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', /^a\.yaml:1:1: kind is missing; write for example/],
  ['no apiVersion', 'kind: Pod\n', /^a\.yaml:1:1: apiVersion is missing/],
  [
    'a kind of another group',
    'apiVersion: v1\nkind: Deployment\nmetadata: {name: a}\n',
    /no kind "Deployment" in "v1"; did you mean apiVersion: apps\/v1, kind: Deployment\?/,
  ],
  [
    'a kind that nobody knows',
    'apiVersion: a.b/v1\nkind: Lamp\nmetadata: {name: a}\n',
    /no kind "Lamp" in "a\.b\/v1"; own kinds are given with the option `resources`/,
  ],
  ['no name', 'apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\n', /^a\.yaml:4:3: metadata\.name: is missing/],
  [
    'a field with a typing mistake',
    POD.replace('image: nginx', 'imgae: nginx'),
    /^a\.yaml:8:7: spec\.containers\[0\]\.imgae: unknown field; did you mean "image"\?/,
  ],
  ['a field in the wrong case', POD.replace('image: nginx', 'Image: nginx'), /did you mean "image"\?/],
  [
    'a field that nothing is like',
    POD.replace('image: nginx', 'colour: red'),
    /spec\.containers\[0\]\.colour: unknown field; there are /,
  ],
  [
    'text for a number',
    POD.replace('image: nginx', 'ports: [{ containerPort: "80" }]'),
    /^a\.yaml:8:32: spec\.containers\[0\]\.ports\[0\]\.containerPort: must be an integer, not the string "80"/,
  ],
  [
    'an unquoted number for text',
    POD.replace('image: nginx', 'env: [{ name: A, value: 3 }]'),
    /spec\.containers\[0\]\.env\[0\]\.value: must be a string, not the number 3; put it in quotes/,
  ],
  [
    'an amount that is none',
    POD.replace('image: nginx', 'resources: { limits: { cpu: 1x } }'),
    /^a\.yaml:8:35: spec\.containers\[0\]\.resources\.limits\.cpu: "1x" is no quantity; write for example 100m/,
  ],
  [
    'a map for a list',
    POD.replace('- name: web\n      image: nginx', '  name: web'),
    /spec\.containers: must be an array, not a map/,
  ],
  [
    'a list for a map',
    `${POD.slice(0, POD.indexOf('spec:'))}spec: []\n`,
    /^a\.yaml:5:7: spec: must be an object, not a list/,
  ],
])('%s is told with file, line, column and field', (_, text, sentence) => {
  const told = problems(text)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(sentence)
})

test('all problems are told, and nothing of a bad file is used', () => {
  const bad = `${POD}---\n${POD.replace('name: web\nspec', 'name: other\nspec').replace('image:', 'imagee:')}---\nkind: Pod\n`
  expect(read(bad).objects).toEqual([])
  expect(problems(bad)).toHaveLength(2)
})

test('a problem inside a list names the item', () => {
  const list =
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  dta: {}\n'
  expect(problems(list)).toEqual(['a.yaml:7:3: items[0].dta: unknown field; did you mean "data"?'])
})

test('a field is found where it is written, and one that is not at the innermost part that is', () => {
  const two = `${POD}---\napiVersion: v1\nkind: List\nitems:\n- {kind: Pod, metadata: {name: other}}\n`
  const place = (name: string, path: string) => placeOf(two, { kind: 'Pod', name }, path)
  expect(place('web', 'spec.containers[0].image')).toEqual({ line: 8, column: 14 })
  expect(place('web', 'spec.containers[0].livenessProbe.httpGet')).toEqual({ line: 7, column: 7 })
  expect(place('other', 'spec.containers')).toEqual({ line: 13, column: 3 })
  expect(place('nobody', 'spec')).toBeUndefined()
})

test('own kinds are read by their own schema', () => {
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { lamp: { type: 'string' } } } },
  } as const
  const own = {
    group: 'coast.example',
    version: 'v1',
    kind: 'Lighthouse',
    plural: 'lighthouses',
    namespaced: true,
    schema,
  }
  const profile = extended(v132, [own])
  const text = 'apiVersion: coast.example/v1\nkind: Lighthouse\nmetadata: {name: a}\nspec: {lamp: 3}\n'
  expect(readManifests(text, 'a.yaml', profile).problems.map(inWords)).toEqual([
    'a.yaml:4:14: spec.lamp: must be a string, not the number 3; put it in quotes',
  ])
  expect(readManifests(text.replace('3', '"3"'), 'a.yaml', profile).objects[0]?.resource).toBe(
    'lighthouses.coast.example',
  )
})
