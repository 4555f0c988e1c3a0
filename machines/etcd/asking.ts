/** Who asks, and when it was asked. */
import type { Delivery } from '../../runtime/contract.ts'
import type { Asker } from './context.ts'

export const asked = ({ from, call, at }: Delivery): Asker => ({ from, call, since: at })
