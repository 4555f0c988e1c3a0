import type { Profile } from '../../lib/schema.ts'
import type { HttpResponse } from './words.ts'
export const openApi = (_profile: Profile, _path: string): HttpResponse | undefined => undefined
