/**
 * The sequences in docs/raft.md, from what members say to each other in a world of three. Written anew with
 * `npx tsx cli/generate/raft.ts`; a test holds them current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EventObject } from 'xstate'
import { contextOf, etcdWorld } from '../../machines/cluster/etcd-alone/world.ts'
import { numberOf } from '../../machines/etcd/membership/identity.ts'
import type { RaftMessage } from '../../machines/protocol/raft.ts'
import { type Address, hostOf } from '../../runtime/contract.ts'
import type { Around, TraceRecord } from '../../runtime/trace.ts'
import type { World } from '../../runtime/world.ts'

export const PAGE = 'docs/raft.md'
const MEMBERS: readonly Address[] = ['etcd/m-1', 'etcd/m-2', 'etcd/m-3']
const CLIENT: Address = 'client/c'
/** By then somebody leads, and all is quiet. */
const LED_MS = 3_000

interface Story {
  /** Begins it. @returns what the members are called in the picture beside their names */
  readonly begin: (world: World, leader: Address, others: readonly Address[]) => Readonly<Record<Address, string>>
  readonly lastsMs: number
}
const STORIES: Readonly<Record<string, Story>> = {
  'a write': {
    begin: (world, leader, [asked = '', other = '']) => {
      ask(world, asked, { type: 'etcd.Put', key: 'a', value: '1' })
      return { [asked]: 'follower', [leader]: 'leader', [other]: 'follower' }
    },
    lastsMs: 60,
  },
  'a leader is lost': {
    begin: (world, leader) => {
      world.operate({ op: 'crash', process: leader })
      return { [leader]: 'killed' }
    },
    lastsMs: 3_000,
  },
  'a leader hands over': {
    begin: (world, leader, [heir = '']) => {
      ask(world, leader, { type: 'etcd.MoveLeader', targetId: numberOf(heir) })
      return { [leader]: 'leader', [heir]: 'heir' }
    },
    lastsMs: 150,
  },
}
const ask = (world: World, to: Address, event: object): number =>
  world.operate({ op: 'call', to, event: event as EventObject, from: CLIENT })

/** The page, with its pictures as they would be now: between `<!-- a write -->` and `<!-- end -->` and so on. */
export function raftPage(): string {
  let page = readFileSync(PAGE, 'utf8')
  for (const [name, story] of Object.entries(STORIES)) {
    const start = page.indexOf(`<!-- ${name} -->`) + `<!-- ${name} -->`.length
    const picture = `\n\`\`\`mermaid\n${told(story)}\n\`\`\`\n`
    page = `${page.slice(0, start)}${picture}${page.slice(page.indexOf('<!-- end -->', start))}`
  }
  return page
}

function told({ begin, lastsMs }: Story): string {
  const world = etcdWorld({ members: 3 })
  world.run(LED_MS)
  const lines: string[] = []
  world.observe((record, around) => lines.push(...lineOf(record, around)))
  world.bindOutside(CLIENT, ({ from, event }) => lines.push(`${nameOf(from)}->>client: ${event.type}`))
  const leader = contextOf(world, MEMBERS[0] as Address)?.lead ?? ''
  const roles = begin(
    world,
    leader,
    MEMBERS.filter((member) => member !== leader),
  )
  world.run(LED_MS + lastsMs)
  const members = MEMBERS.map((member) => {
    const name = nameOf(member)
    return roles[member] === undefined ? `participant ${name}` : `participant ${name} as ${name} (${roles[member]})`
  })
  const clients = lines.some((line) => line.includes('client')) ? ['participant client'] : []
  return ['sequenceDiagram', ...[...clients, ...members, ...lines].map((line) => `  ${line}`)].join('\n')
}

const nameOf = (address: Address): string => (address === CLIENT ? 'client' : hostOf(address).replace('-', ''))

/** An arrow for what somebody says, a note for what a member does by itself; heartbeats are left out. */
function lineOf({ from, to, event, after }: TraceRecord, around: Around): readonly string[] {
  if (event.type === 'disk.synced') return written(to, around)
  if (event.type === 'election.due' && JSON.stringify(after).includes('preCandidate'))
    return [`Note over ${nameOf(to)}: election timeout`]
  const words = from === to ? undefined : wordsOf(event)
  return words === undefined ? [] : [`${nameOf(from)}->>${nameOf(to)}: ${words}`]
}

interface Written {
  readonly onDisk: { readonly term: number; readonly vote: string }
  readonly stable: number
  readonly writing?: { readonly last: number }
}
/** What the disk has now: a new vote, or entries; several notes of one moment are one line each. */
function written(member: Address, { before, after }: Around): readonly string[] {
  const [was, is] = [before?.context, after?.context] as [Written, Written]
  const entry = is.stable > was.stable ? `entry ${is.stable}` : `term ${is.onDisk.term}, vote for ${voteOf(is.onDisk)}`
  return [`Note over ${nameOf(member)}: on disk: ${entry}`]
}
const voteOf = ({ vote }: Written['onDisk']): string => (vote === '' ? 'nobody' : nameOf(vote))

function wordsOf(event: EventObject): string | undefined {
  const message = event as RaftMessage
  switch (message.type) {
    case 'MsgHeartbeat':
    case 'MsgHeartbeatResp':
      return undefined
    case 'MsgApp': {
      const { term, index, entries, commit } = message
      const what =
        entries.length === 0
          ? 'no entries'
          : `${entries.length === 1 ? '1 entry' : `${entries.length} entries`} after ${index}`
      return `MsgApp term ${term}, ${what}, commit ${commit}`
    }
    case 'MsgAppResp':
      return message.reject ? 'MsgAppResp: refused' : `MsgAppResp up to ${message.index}`
    case 'MsgPreVoteResp':
      return `MsgPreVoteResp: ${message.reject ? 'it would not' : 'it would'}`
    case 'MsgVoteResp':
      return message.reject ? 'MsgVoteResp: refused' : 'MsgVoteResp'
    case 'MsgVote':
      return `MsgVote term ${message.term}${message.isTransfer === true ? ', asked by the leader' : ''}`
    case 'MsgPreVote':
      return `MsgPreVote term ${message.term}`
    default:
      return /^(Msg|etcd\.)/.test(event.type) ? event.type : undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, raftPage())
