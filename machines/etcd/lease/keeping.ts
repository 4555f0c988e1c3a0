/** Keeping leases alive, and ending those that were not: the leader's business (etcdserver's lease functions). */
import { answer, call, type Delivery, type Effect } from '../../../runtime/contract.ts'
import { numberKey } from '../../../runtime/tree.ts'
import type {
  EtcdAnswered,
  EtcdFailed,
  EtcdReply,
  LeaseKeepAliveRequest,
  LeaseTimeToLiveRequest,
} from '../../protocol/etcd.ts'
import { nextLook, proposalOf } from '../clients.ts'
import type { Change, Context } from '../context.ts'
import { timedOut } from '../failures.ts'
import { addressOf } from '../membership/identity.ts'
import { leaseOf } from './leases.ts'
import { expired, remainingSeconds, renewed } from './lessor.ts'

/** Proposes to revoke what has expired; nobody waits for the answer. */
export function revokeExpired(context: Context, _: unknown, { at }: Delivery): readonly [Change, readonly Effect[]] {
  const [ids, lessor] = expired(context.lessor, at)
  const revocations = ids.map((id, i) => proposalOf(context, context.nextNumber + i, { type: 'etcd.LeaseRevoke', id }))
  const change: Change = {
    lessor,
    nextNumber: context.nextNumber + ids.length,
    proposals: [...context.proposals, ...revocations],
  }
  return [change, nextLook(lessor, context, at)]
}
export const lookAfterLeases = (context: Context, _: unknown, { at }: Delivery): readonly Effect[] =>
  nextLook(context.lessor, context, at)

/** A time to live of 0 says that there is no such lease. */
export function keepAlive(context: Context, { id }: LeaseKeepAliveRequest, { at, from, call: number }: Delivery) {
  const lease = leaseOf(context.replica.leases, id)
  const isOver = lease === undefined || remainingSeconds(context.lessor, id, at) < 0
  const lessor = isOver ? context.lessor : renewed(context.lessor, lease, at)
  const reply = { id, ttlSeconds: isOver ? 0 : lease.ttlSeconds }
  return [{ lessor }, answer(from, number, answered(context, reply))] as const
}
export function timeToLive(context: Context, request: LeaseTimeToLiveRequest, { at, from, call: number }: Delivery) {
  const { id, keys = false } = request
  const lease = leaseOf(context.replica.leases, id)
  const left = lease === undefined ? -1 : remainingSeconds(context.lessor, id, at)
  const reply =
    lease === undefined || left < 0
      ? { id, ttlSeconds: -1, grantedTtlSeconds: 0, keys: [] }
      : { id, ttlSeconds: left, grantedTtlSeconds: lease.ttlSeconds, keys: keys ? lease.keys.keys() : [] }
  return answer(from, number, answered(context, reply))
}
export const listLeases = (context: Context, _: unknown, { from, call: number }: Delivery): Effect =>
  answer(from, number, answered(context, { leases: context.replica.leases.values().map(({ id }) => id) }))

const answered = ({ replica }: Context, reply: EtcdReply): EtcdAnswered => ({
  type: 'etcd.answered',
  revision: replica.store.revision,
  reply,
})

/** A follower asks the leader on the client's behalf, as the real one does over its peers' `/leases`. */
export function passOn(context: Context, request: LeaseKeepAliveRequest | LeaseTimeToLiveRequest, told: Delivery) {
  const { nextNumber, passedOn, lead } = context
  const line = numberKey(nextNumber)
  const asker = { from: told.from, call: told.call, since: told.at }
  const change: Change = { nextNumber: nextNumber + 1, passedOn: passedOn.set(line, asker) }
  return [change, call(addressOf(lead), request, line)] as const
}
export const failForNow = (_: Context, __: unknown, { from, call: number }: Delivery): Effect =>
  answer(from, number, timedOut)

export const giveBack = (context: Context, reply: EtcdAnswered | EtcdFailed, { line }: Delivery) =>
  returned(context, line, reply)
export const giveUp = (context: Context, { line }: { readonly line: string }) => returned(context, line, timedOut)

function returned({ passedOn }: Context, line: string, reply: EtcdAnswered | EtcdFailed) {
  const asker = passedOn.get(line)
  const change: Change = { passedOn: passedOn.delete(line) }
  return [change, asker === undefined ? [] : [answer(asker.from, asker.call, reply)]] as const
}
