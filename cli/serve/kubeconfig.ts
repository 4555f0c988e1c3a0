/** The kubeconfig of a live cluster: written for kubectl, read by our own commands. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { BadInput } from '../failure.ts'
import type { Certificates, Identity } from './certificates.ts'

export interface Access {
  readonly server: string
  readonly authority: string
  readonly client: Identity
}

const NAME = 'orrery'

export function writeKubeconfig(file: string, server: string, { authority, client }: Certificates): void {
  const user = { 'client-certificate-data': encoded(client.certificate), 'client-key-data': encoded(client.key) }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: NAME, cluster: { server, 'certificate-authority-data': encoded(authority) } }],
    users: [{ name: NAME, user }],
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME } }],
    'current-context': NAME,
  }
  writeFileSync(file, stringify(config, { lineWidth: 0 }), { mode: 0o600 })
}

interface Config {
  readonly clusters?: readonly { readonly cluster: Readonly<Record<string, string>> }[]
  readonly users?: readonly { readonly user: Readonly<Record<string, string>> }[]
}

/** @throws {BadInput} when the file is none that `orrery serve` wrote */
export function readKubeconfig(file: string): Access {
  if (!existsSync(file))
    throw new BadInput(`${file}: there is no such file; start a cluster with: orrery serve --kubeconfig ${file}`)
  const { clusters, users } = parse(readFileSync(file, 'utf8')) as Config
  const cluster = clusters?.[0]?.cluster
  const user = users?.[0]?.user
  const server = cluster?.['server']
  const authority = cluster?.['certificate-authority-data']
  const certificate = user?.['client-certificate-data']
  const key = user?.['client-key-data']
  if (server === undefined || authority === undefined || certificate === undefined || key === undefined)
    throw new BadInput(`${file}: is no kubeconfig of orrery serve; write one with: orrery serve --kubeconfig FILE`)
  return {
    server,
    authority: decoded(authority),
    client: { certificate: decoded(certificate), key: decoded(key) },
  }
}

const encoded = (text: string): string => Buffer.from(text).toString('base64')
const decoded = (text: string): string => Buffer.from(text, 'base64').toString()
