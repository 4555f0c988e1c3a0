/** Defaults of Secrets: their type, and `stringData` written into `data` (Convert_v1_Secret_To_core_Secret). */
import { base64 } from '../base64.ts'

type Json = Readonly<Record<string, unknown>>

export function secretDefaults(secret: Json): Json {
  const { stringData, ...rest } = secret
  const type = secret.type ?? 'Opaque'
  if (stringData === undefined) return secret.type === type ? secret : { ...secret, type }
  const written = Object.entries(stringData as Json).map(([key, text]) => [key, base64(String(text))])
  return { ...rest, type, data: { ...(secret.data as Json), ...Object.fromEntries(written) } }
}
