import { held } from '../held.ts'

held('scheduler')
