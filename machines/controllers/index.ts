/** The controllers of kube-controller-manager, in the order of their names. */
import type { Listed } from './kit/listed.ts'

export const controllers: readonly Listed[] = []
