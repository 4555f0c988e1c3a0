/** InterPodAffinity: pods that want to be, or not to be, where certain other pods are. */
import type { Plugin } from '../framework.ts'

export const interPodAffinity: Plugin = { name: 'InterPodAffinity' }
