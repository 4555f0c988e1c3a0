/** Tells the story once and prints its hash and the version of Node: for `npm run soak`, which runs it on others. */
import { told } from './digest.ts'

console.log(told(), process.version)
