import { held } from '../held.ts'

held('node')
