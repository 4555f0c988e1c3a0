/** Asks a running `orrery serve` something, by the kubeconfig that it wrote. */
import { request } from 'node:https'
import { BadInput } from '../failure.ts'
import { readKubeconfig } from './kubeconfig.ts'

/** @throws {BadInput} when nobody listens, or when what is asked makes no sense there */
export function remote<T>(kubeconfig: string, path: string, order: unknown, well = 200): Promise<T> {
  const { server, authority, client } = readKubeconfig(kubeconfig)
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ca: authority,
    cert: client.certificate,
    key: client.key,
    agent: false,
  }
  return new Promise((done, failed) => {
    const asking = request(`${server}${path}`, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const answer = JSON.parse(text) as T & { readonly message?: string }
        if (response.statusCode === well) done(answer)
        else failed(new BadInput(answer.message ?? text))
      })
    })
    asking.on('error', ({ message }) => failed(new BadInput(`${server}: ${message}; is orrery serve running there?`)))
    asking.end(JSON.stringify(order))
  })
}

/** `--kubeconfig`, else `KUBECONFIG`, else the file that `serve` writes by itself. */
export const kubeconfigOf = (flag: string | undefined): string =>
  flag ?? process.env['KUBECONFIG'] ?? DEFAULT_KUBECONFIG
export const DEFAULT_KUBECONFIG = 'orrery.kubeconfig'
