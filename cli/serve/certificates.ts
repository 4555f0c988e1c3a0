/** A certificate authority of our own, and what it signs: one certificate for the server, one for kubectl. P-256, X.509 v3. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { bits, integer, octets, oid, sequence, setOf, tagged, utcTime, utf8, yes } from './der.ts'

export interface Identity {
  readonly certificate: string
  readonly key: string
}
export interface Certificates {
  readonly authority: string
  readonly server: Identity
  readonly client: Identity
}

interface Subject {
  readonly commonName: string
  readonly organization?: string
}
interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const YEAR_MS = 365 * 86_400_000
const AUTHORITY: Subject = { commonName: 'kubernetes' }

/** @param client who kubectl is: its name, and the group that may do everything */
export function certificates(client: Subject, now = new Date()): Certificates {
  const authority = newPair()
  const signed = (subject: Subject, extensions: readonly Buffer[], pair = newPair()): Identity => ({
    certificate: pem('CERTIFICATE', certificate(subject, pair, extensions, authority, now)),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  })
  return {
    authority: signed(AUTHORITY, [basicConstraints(true), keyUsage(0x06, 1)], authority).certificate,
    server: signed({ commonName: 'kube-apiserver' }, [keyUsage(0x80, 7), usedFor(SERVER), loopbackNames()]),
    client: signed(client, [keyUsage(0x80, 7), usedFor(CLIENT)]),
  }
}

const newPair = (): Pair => generateKeyPairSync('ec', { namedCurve: 'P-256' })

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))

function certificate(
  subject: Subject,
  { publicKey }: Pair,
  extensions: readonly Buffer[],
  authority: Pair,
  now: Date,
): Buffer {
  const from = new Date(now.getTime() - 3_600_000)
  const until = new Date(now.getTime() + YEAR_MS)
  const serial = randomBytes(16)
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f)
  const signedPart = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_WITH_SHA256,
    nameOf(AUTHORITY),
    sequence(utcTime(from), utcTime(until)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  )
  return sequence(signedPart, ECDSA_WITH_SHA256, bits(sign('sha256', signedPart, authority.privateKey)))
}

/** The group comes before the name, as Go writes them. */
function nameOf({ commonName, organization }: Subject): Buffer {
  const part = (type: string, text: string): Buffer => setOf(sequence(oid(type), utf8(text)))
  return sequence(...(organization === undefined ? [] : [part('2.5.4.10', organization)]), part('2.5.4.3', commonName))
}

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value))
const basicConstraints = (authority: boolean): Buffer =>
  extension('2.5.29.19', true, sequence(...(authority ? [yes] : [])))
const keyUsage = (usage: number, unused: number): Buffer =>
  extension('2.5.29.15', true, bits(Buffer.from([usage]), unused))

const SERVER = '1.3.6.1.5.5.7.3.1'
const CLIENT = '1.3.6.1.5.5.7.3.2'
const usedFor = (purpose: string): Buffer => extension('2.5.29.37', false, sequence(oid(purpose)))

const dnsName = (name: string): Buffer => tagged(0x82, Buffer.from(name))
const address = (...bytes: readonly number[]): Buffer => tagged(0x87, Buffer.from(bytes))
const loopbackNames = (): Buffer =>
  extension(
    '2.5.29.17',
    false,
    sequence(
      ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map(dnsName),
      address(127, 0, 0, 1),
      address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    ),
  )

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`
