import { held } from '../held.ts'

held('etcd')
