/** The kind: a lighthouse on the coast. It shines while its one keeper is at work. */
import type { ApiObject, OwnResource } from '../../../machines/index.ts'

export const LIGHTHOUSES = 'lighthouses.coast.example'

export interface Lighthouse extends ApiObject {
  readonly spec: { readonly lamp: string; readonly colour: string }
  readonly status?: { readonly phase?: Phase }
}
/** What `kubectl get lighthouses` shows: nobody is there, somebody was sent for, the lamp is lit. */
export type Phase = 'Dark' | 'Hiring' | 'Lit'

/** As a CustomResourceDefinition would declare it. */
export const lighthouses: OwnResource = {
  group: 'coast.example',
  version: 'v1',
  kind: 'Lighthouse',
  plural: 'lighthouses',
  shortNames: ['lh'],
  namespaced: true,
  subresources: ['status'],
  schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['lamp', 'colour'],
        properties: { lamp: { type: 'string' }, colour: { type: 'string' } },
      },
      status: { type: 'object', properties: { phase: { type: 'string', enum: ['Dark', 'Hiring', 'Lit'] } } },
    },
  },
}

export const lighthouse = (name: string, colour: string): Lighthouse => ({
  apiVersion: 'coast.example/v1',
  kind: 'Lighthouse',
  metadata: { name, namespace: 'default' },
  spec: { lamp: 'lamp:1.0', colour },
})
