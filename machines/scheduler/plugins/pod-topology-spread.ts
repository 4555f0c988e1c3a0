/** PodTopologySpread: keeps the pods of an application spread over zones and nodes. */
import type { Plugin } from '../framework.ts'

export const podTopologySpread: Plugin = { name: 'PodTopologySpread' }
