import { held } from '../held.ts'

held('api')
