import { scheduler } from '../../../../machines/scheduler/scheduler.ts'
import { expectWhole } from '../../../kit/chart.ts'
import binding from './loop/binding.ts'
import outside from './loop/outside.ts'
import preempting from './loop/preempting.ts'
import scheduling from './loop/scheduling.ts'
import unschedulable from './loop/unschedulable.ts'
import volumes from './loop/volumes.ts'

for (const part of [scheduling, unschedulable, preempting, volumes, binding, outside]) part()
expectWhole(scheduler)
