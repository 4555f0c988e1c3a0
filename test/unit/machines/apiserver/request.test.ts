import { apiRequest } from '../../../../machines/apiserver/request.ts'
import { expectWhole } from '../../../kit/chart.ts'
import creations from './request/creating.ts'
import deletions from './request/deleting.ts'
import evictions from './request/evicting.ts'
import refusals from './request/refusing.ts'
import updates from './request/updating.ts'

for (const part of [refusals, updates, creations, deletions, evictions]) part()
expectWhole(apiRequest)
