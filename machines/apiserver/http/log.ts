/** The query of GET …/pods/<name>/log as the object that it stands for: core/v1 PodLogOptions. */

export interface PodLogOptions {
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly sinceSeconds?: number
  readonly sinceTime?: string
  readonly timestamps?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
}

const FLAGS = ['follow', 'previous', 'timestamps']
const NUMBERS = ['sinceSeconds', 'tailLines', 'limitBytes']
const TEXTS = ['container', 'sinceTime']

export function podLogOptions(query: URLSearchParams): PodLogOptions {
  const options: Record<string, unknown> = {}
  for (const name of FLAGS) if (query.has(name)) options[name] = query.get(name) !== 'false' && query.get(name) !== '0'
  for (const name of NUMBERS) if (/^-?\d+$/.test(query.get(name) ?? '')) options[name] = Number(query.get(name))
  for (const name of TEXTS) if ((query.get(name) ?? '') !== '') options[name] = query.get(name)
  return options
}
