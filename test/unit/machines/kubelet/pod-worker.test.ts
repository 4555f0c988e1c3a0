import { podWorker } from '../../../../machines/kubelet/pod-worker.ts'
import { expectWhole } from '../../../kit/chart.ts'
import configured from './worker/configured.ts'
import ending from './worker/ending.ts'
import images from './worker/images.ts'
import restarting from './worker/restarting.ts'
import starting from './worker/starting.ts'

for (const part of [starting, images, configured, restarting, ending]) part()
expectWhole(podWorker)
