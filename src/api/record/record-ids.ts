import type { EntityManager } from '@mikro-orm/postgresql'
import type { SystemKind } from '../../domain/schema.js'
import { Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { storable } from '../../persistence/sql.js'
import { badUserInput } from '../errors.js'
import { parseId, parseIds } from '../identifiers.js'

/** Systems whose records are known by GUIDs; elsewhere an id is any text. */
const GUID_KINDS: ReadonlySet<SystemKind> = new Set(['BUSINESS_CENTRAL', 'DATAVERSE'])
const LONGEST = 2_000
const MOST_IDS = 1_000

/** Reads ids of records of a mapping's two systems, by side. Both functions throw BAD_USER_INPUT naming the argument. */
export interface RecordIds {
  one(side: Side, value: string, argument: string): string
  /** Each once, in the order given. */
  many(side: Side, values: readonly string[], argument: string): readonly string[]
}

export async function recordIdsOf(em: EntityManager, mapping: Mapping): Promise<RecordIds> {
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const kindOf = (side: Side): SystemKind =>
    (side === Side.local ? connection.localSystem : connection.integrationSystem).kind
  const isGuid = (side: Side): boolean => GUID_KINDS.has(kindOf(side))
  return {
    one: (side, value, argument) => parseRecordId(kindOf(side), value, argument),
    many(side, values, argument) {
      if (isGuid(side)) return parseIds(values, argument)
      if (values.length === 0 || values.length > MOST_IDS)
        throw badUserInput([{ argument, message: `Expected one to ${MOST_IDS} ids, got ${values.length}.` }])
      return [...new Set(values.map((value, index) => parseText(value, `${argument}[${index}]`)))]
    },
  }
}

/** Reads the id of a record of a system of that kind. Throws BAD_USER_INPUT naming the argument. */
export function parseRecordId(kind: SystemKind, value: string, argument: string): string {
  return GUID_KINDS.has(kind) ? parseId(value, argument) : parseText(value, argument)
}

function parseText(value: string, argument: string): string {
  if (value !== '' && value.length <= LONGEST && !value.includes('\0') && value.isWellFormed()) return value
  throw badUserInput([{ argument, message: `Expected the id of a record: one to ${LONGEST} characters.` }])
}

/** A record's id as somebody wrote it, and with the small letters of a GUID. */
export function spellings(id: string): readonly string[] {
  const text = storable(id)
  return [...new Set([text, text.toLowerCase()])]
}
