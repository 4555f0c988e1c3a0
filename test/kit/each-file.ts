/** Before each test file. */
import { forgetWalks } from './chart.ts'

forgetWalks()
