/** What happens in a world as an Observable: for whoever likes to filter, buffer and combine. */
import { Observable } from 'rxjs'
import type { TraceRecord } from '../trace.ts'
import type { World } from '../world.ts'

/** Every delivery and birth from now on. The world is observed only while somebody has subscribed. It never completes. */
export const trace$ = (world: World): Observable<TraceRecord> =>
  new Observable((subscriber) => world.observe((record) => subscriber.next(record)))
