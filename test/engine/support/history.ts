import { run as execute, sql } from '../../../src/persistence/sql.js'
import type { TestEngine } from '../../support/engine.js'

export interface LostValue {
  readonly side: string
  readonly field: string
  readonly value: string
}

/** The values that lost in writes to a record or pair: by id of the coupling or of Business Central's record. */
export function lostValues(engine: TestEngine, id: string): Promise<readonly LostValue[]> {
  return execute<LostValue>(
    engine.database.em.fork(),
    sql`select w.side, f.name as field, w.before->>(f.place::int - 1) as value
        from record_write w cross join unnest(w.fields) with ordinality as f(name, place)
        where f.name = any(w.lost) and (w.coupling_id::text = ${id} or w.local_id = ${id})
        order by w.at, f.place`,
  )
}
