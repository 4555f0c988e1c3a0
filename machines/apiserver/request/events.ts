/** What a request that writes hears, and the verbs that speak of it. */
import { type CallLost, verbs } from '../../../runtime/contract.ts'
import type { EtcdAnswered, EtcdFailed } from '../../protocol/etcd.ts'
import type { DisruptionJudged } from '../disruption-claim.ts'
import type { QuotaJudged } from '../quota-claims.ts'
import type { RequestContext } from '../request-context.ts'

export type Context = RequestContext
export type Events = EtcdAnswered | EtcdFailed | QuotaJudged | DisruptionJudged | CallLost

export const { update, ask, when } = verbs<Context, Events>()
