/** As much of etcd as an API server needs: keys with revisions, transactions, history, one watch. */
import type {
  EtcdAnswered,
  EtcdFailed,
  EtcdWatched,
  KeyEvent,
  KeyRange,
  KeyValue,
  LeaseGrantRequest,
  Operation,
  OperationReply,
  TxnRequest,
} from '../../../../machines/protocol/etcd.ts'
import { Tree } from '../../../../runtime/tree.ts'

export class LittleEtcd {
  revision = 1
  kvs: Tree<KeyValue> = Tree.of()
  private readonly past = new Map<number, Tree<KeyValue>>()
  private events: KeyEvent[] = []
  private watching = false

  answer(request: Operation | LeaseGrantRequest): EtcdAnswered | EtcdFailed {
    if (request.type === 'etcd.LeaseGrant') {
      return { type: 'etcd.answered', revision: this.revision, reply: { id: 77, ttlSeconds: request.ttlSeconds } }
    }
    if (request.type === 'etcd.Range' && (request.revision ?? 0) > this.revision) {
      return { type: 'etcd.failed', code: 11, error: 'etcdserver: mvcc: required revision is a future revision' }
    }
    const next = this.revision + 1
    const reply = this.run(request, next)
    if (this.events.some(({ kv }) => kv.modRevision === next)) {
      this.revision = next
      this.past.set(next, this.kvs)
    }
    return { type: 'etcd.answered', revision: this.revision, reply }
  }

  watch(): void {
    this.watching = true
    this.events = []
  }

  news(): EtcdWatched | undefined {
    if (!this.watching || this.events.length === 0) return undefined
    const events = this.events
    this.events = []
    return { type: 'etcd.watched', revision: this.revision, events }
  }

  private run(request: Operation, next: number): OperationReply {
    switch (request.type) {
      case 'etcd.Range': {
        const kvs = this.range(
          request,
          request.revision === undefined ? this.kvs : (this.past.get(request.revision) ?? this.kvs),
        )
        return { kvs: request.countOnly === true ? [] : kvs, count: kvs.length, more: false }
      }
      case 'etcd.Put': {
        const was = this.kvs.get(request.key)
        const kv = {
          key: request.key,
          value: request.value,
          createRevision: was?.createRevision ?? next,
          modRevision: next,
          version: (was?.version ?? 0) + 1,
        }
        this.kvs = this.kvs.set(request.key, kv)
        this.events.push({ type: 'PUT', kv })
        return {}
      }
      case 'etcd.DeleteRange': {
        const gone = this.range(request, this.kvs)
        for (const { key } of gone) {
          this.kvs = this.kvs.delete(key)
          const kv = { key, value: undefined, createRevision: 0, modRevision: next, version: 0 }
          this.events.push({ type: 'DELETE', kv })
        }
        return { deleted: gone.length, prevKvs: [] }
      }
      default:
        return this.transact(request, next)
    }
  }

  private transact({ compare, success, failure }: TxnRequest, next: number): OperationReply {
    const succeeded = compare.every(({ key, than }) => (this.kvs.get(key)?.modRevision ?? 0) === than)
    return { succeeded, replies: (succeeded ? success : failure).map((each) => this.run(each, next)) }
  }

  private range({ key, rangeEnd }: KeyRange, kvs: Tree<KeyValue>): readonly KeyValue[] {
    if (rangeEnd === undefined) return [kvs.get(key)].filter((kv) => kv !== undefined)
    const found: KeyValue[] = []
    kvs.range(key, rangeEnd === '\0' ? undefined : rangeEnd, (kv) => {
      found.push(kv)
      return true
    })
    return found
  }
}
