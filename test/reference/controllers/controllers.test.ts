import { held } from '../held.ts'

held('controllers')
