/** Random requests to etcd, by a number: of every kind and with every option, on a few keys, so that they meet. */
import type {
  Compare,
  EtcdRequest,
  KeyRange,
  Operation,
  PutRequest,
  RangeRequest,
  TxnRequest,
} from '../../machines/protocol/etcd.ts'
import { draw } from '../../runtime/contract.ts'

const KEYS = ['a', 'aa', 'ab', 'b', 'ba', 'd/1', 'd/2', 'd/3']
const ENDS = ['', '', '', 'b', 'c', 'd0', '\0', 'a']
const VALUES = ['', '0', '1', 'x', 'long-value-vvvvvvvvvvvvvvvv']
const LEASES = [0, 0, 0, 0, 11, 12, 13]

export function operations(seed: number, count: number): readonly EtcdRequest[] {
  return Array.from({ length: count }, (_, i) => new Drawn(draw(seed, i)).request())
}

class Drawn {
  private readonly dice: number
  private count = 0

  constructor(dice: number) {
    this.dice = dice
  }

  request(): EtcdRequest {
    const kind = this.below(100)
    if (kind < 30) return this.put(true)
    if (kind < 52) return this.range()
    if (kind < 62) return { type: 'etcd.DeleteRange', ...this.keys(), prevKv: this.seldom() }
    if (kind < 82) return this.txn(2)
    if (kind < 86) return { type: 'etcd.Compact', revision: this.below(30) }
    return this.lease()
  }

  private lease(): EtcdRequest {
    const id = 11 + this.below(3)
    const kind = this.below(10)
    if (kind < 4) return { type: 'etcd.LeaseGrant', id, ttlSeconds: this.pick([600, 6_000, 9_000_000_001]) }
    if (kind < 6) return { type: 'etcd.LeaseRevoke', id }
    if (kind < 7) return { type: 'etcd.LeaseLeases' }
    if (kind < 8) return { type: 'etcd.LeaseKeepAlive', id: 99 }
    return { type: 'etcd.LeaseTimeToLive', id, keys: this.seldom() }
  }

  private put(mayKeep: boolean): PutRequest {
    const ignoreValue = mayKeep && this.below(12) === 0
    const ignoreLease = mayKeep && this.below(12) === 0
    const value = ignoreValue && this.below(4) > 0 ? '' : this.pick(VALUES)
    const lease = ignoreLease && this.below(4) > 0 ? 0 : this.pick(LEASES)
    return { type: 'etcd.Put', key: this.key(), value, lease, prevKv: this.seldom(), ignoreValue, ignoreLease }
  }

  private range(): RangeRequest {
    const seldom = (): number => (this.seldom() ? this.below(20) : 0)
    return {
      type: 'etcd.Range',
      ...this.keys(),
      revision: seldom(),
      limit: this.seldom() ? this.below(4) : 0,
      keysOnly: this.seldom(),
      countOnly: this.below(8) === 0,
      serializable: this.seldom(),
      sortOrder: this.pick(['none', 'none', 'ascend', 'descend'] as const),
      sortTarget: this.pick(['key', 'key', 'version', 'create', 'mod', 'value'] as const),
      minModRevision: seldom(),
      maxModRevision: seldom(),
      minCreateRevision: seldom(),
      maxCreateRevision: seldom(),
    }
  }

  private txn(depth: number): TxnRequest {
    const branch = (): Operation[] => Array.from({ length: this.below(4) }, () => this.operation(depth))
    const compare = Array.from({ length: this.below(3) }, () => this.compare())
    return { type: 'etcd.Txn', compare, success: branch(), failure: branch() }
  }

  /** A put that keeps what was deleted before it in the same transaction makes the real one panic: none keeps here. */
  private operation(depth: number): Operation {
    const kind = this.below(10)
    if (kind < 4) return this.put(false)
    if (kind < 7) return this.range()
    if (kind < 9 || depth === 0) return { type: 'etcd.DeleteRange', ...this.keys(), prevKv: this.seldom() }
    return this.txn(depth - 1)
  }

  private compare(): Compare {
    const target = this.pick(['version', 'create', 'mod', 'value', 'lease'] as const)
    const than = target === 'value' ? this.pick(VALUES) : target === 'lease' ? this.pick(LEASES) : this.below(9)
    const range = this.seldom() ? this.keys() : { key: this.key() }
    return { ...range, target, result: this.pick(['equal', 'greater', 'less', 'not-equal'] as const), than }
  }

  private keys(): KeyRange {
    return { key: this.below(30) === 0 ? '' : this.key(), rangeEnd: this.pick(ENDS) }
  }
  private key(): string {
    return this.pick(KEYS)
  }
  private seldom(): boolean {
    return this.below(4) === 0
  }
  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }
  private below(most: number): number {
    return draw(this.dice, this.count++) % most
  }
}
