import { sameValue } from './comparison.js'
import type { Failure } from './failure.js'
import { keyFieldsOf } from './record-key.js'
import type { RecordSnapshot } from './record.js'
import type { TableDefinition } from './schema.js'
import { fieldOf } from './schema.js'
import type { Values } from './value.js'

/** Whether a record is as a creation of ours would have made it, as far as it was read. */
export function holdsWhatWasSent(table: TableDefinition, sent: Values, record: RecordSnapshot): boolean {
  return Object.entries(sent).every(([name, value]) => {
    const held = record.values[name]
    if (held === undefined) return true
    const { type } = fieldOf(table, name)
    return sameValue(value, type, held, type)
  })
}

/** Whether the key came with the values, so that another record may have it, rather than that we made it up. */
export function bringsKey(table: TableDefinition, values: Values): boolean {
  return keyFieldsOf(table).every((name) => (values[name] ?? null) !== null)
}

/** The failure of a creation whose key another record has. `status`: what the system answered, if it did. */
export function keyIsTaken(table: TableDefinition, id: string, status?: number): Failure {
  return {
    errorClass: 'DUPLICATE',
    message: `There is a ${table.caption} with the key ${id} already.`,
    cause: 'Another record has the key that this one is to be created with.',
    remedy: 'Couple the two records, or change the key of one.',
    ...(status === undefined ? {} : { status }),
  }
}

/** The failure of a creation that was not answered, where a record with its key is there that is not as it was sent. */
export function keyMayBeTaken(table: TableDefinition, id: string): Failure {
  return {
    ...keyIsTaken(table, id),
    cause: `Accord asked for this ${table.caption} to be created and got no answer. The record that has the key is not as it was sent: it is another one, or the system or a person changed it as soon as it was created.`,
    remedy: 'Couple the two records if they mean the same; if not, change the key of one.',
  }
}
