import type { JsonObject } from '../common/json.js'
import type { Row } from '../common/table.js'
import { columnOf } from '../common/table.js'
import { BusinessCentralError, dialogError, notImplemented } from './errors.js'
import type { BusinessCentralTable, Relation } from './table.js'
import { VERSION, ZERO_GUID } from './table.js'
import { readValue } from './values.js'

/** Members that a client sent, in stored form. */
export type Changes = Map<string, string>

/** Ids and codes of a referred table, both ways, by code in upper case. */
export interface Directory {
  codeOf(id: string): string | undefined
  idOf(code: string): string | undefined
}

export type Directories = ReadonlyMap<string, Directory>

/** Reads the members of a body. Throws for an unknown or read-only member and for a value that does not fit. */
export function readChanges(table: BusinessCentralTable, body: JsonObject, creating: boolean): Changes {
  const changes: Changes = new Map()
  for (const [name, value] of Object.entries(body)) {
    if (name.includes('@')) continue
    const column = columnOf(table, name)
    if (column === undefined || name === VERSION) {
      if (typeof value === 'object' && value !== null)
        throw notImplemented(`The sandbox does not write the part '${name}'.`)
      throw new BusinessCentralError(
        400,
        'BadRequest',
        `The property '${name}' does not exist on type 'Microsoft.NAV.${table.entity}'. Make sure to only use property names that are defined by the type.`,
      )
    }
    // The id is assigned by the server whatever a creation asks for.
    if (name === table.key && creating) continue
    if (column.readOnly === true) {
      throw new BusinessCentralError(400, 'BadRequest_InvalidOperation', `Control '${name}' is read-only`)
    }
    changes.set(name, readValue(table, column, value))
  }
  return changes
}

/** A record with the changes applied and every rule of its table kept. Throws BusinessCentralError. */
export function applyChanges(
  table: BusinessCentralTable,
  row: Row,
  changes: Changes,
  creating: boolean,
  directories: Directories,
  localCurrency: string,
): Row {
  const next: Row = { ...row, ...Object.fromEntries(changes) }
  composeName(table, next, changes)
  if (table.nameRequired && (next['displayName'] ?? '').trim() === '') {
    throw dialogError(
      creating ? 'A "displayName" must be provided.' : 'The blank "displayName" is not allowed.',
    )
  }
  if (
    table.primary !== null &&
    changes.get(table.primary) === '' &&
    !(creating && table.series !== undefined)
  ) {
    throw new BusinessCentralError(
      400,
      'BadRequest_RequiredParamNotProvided',
      `The field '${table.primary}' must not be blank.`,
    )
  }
  for (const relation of table.relations) applyRelation(relation, next, changes, directories, localCurrency)
  for (const relation of table.codeRelations) {
    const code = changes.get(relation.code) ?? ''
    if (code === '' || directories.get(relation.target)?.idOf(code) !== undefined) continue
    throw new BusinessCentralError(
      400,
      'Internal_InvalidTableRelation',
      `The field ${relation.fieldCaption} of table ${table.caption} contains a value (${code}) that cannot be found in the related table (${relation.targetCaption}).`,
    )
  }
  return next
}

/** The parts of a person's name make up the name; a company's name is its own. */
function composeName(table: BusinessCentralTable, row: Row, changes: Changes): void {
  if (row['type'] !== 'Person' || !table.nameParts.some((part) => changes.has(part))) return
  const parts = table.nameParts.map((part) => row[part] ?? '')
  row['displayName'] = parts.filter((part) => part !== '').join(' ')
}

/** Id and code of one relation must agree; the one that was not sent follows the other. */
function applyRelation(
  relation: Relation,
  row: Row,
  changes: Changes,
  directories: Directories,
  localCurrency: string,
): void {
  const id = changes.get(relation.id)
  const code = relation.code === null ? undefined : changes.get(relation.code)
  if (id === undefined && code === undefined) return
  const directory = relation.target === null ? undefined : directories.get(relation.target)
  // The blank currency shows the code of the local currency, which may also be sent.
  const blankCode = relation.target === 'currencies' ? localCurrency : ''
  const codeOfId = id === undefined ? undefined : id === ZERO_GUID ? blankCode : directory?.codeOf(id)
  if (id !== undefined && codeOfId === undefined) {
    throw dialogError(`The "${relation.id}" does not match to a ${relation.caption}.`)
  }
  const blank = code === '' || code === blankCode
  const idOfCode = code === undefined ? undefined : blank ? ZERO_GUID : directory?.idOf(code)
  if (code !== undefined && idOfCode === undefined) {
    throw dialogError(`The "${relation.code}" does not match to a ${relation.caption}.`)
  }
  if (id !== undefined && idOfCode !== undefined && id !== idOfCode) {
    throw dialogError(
      `The ${relation.caption.toLowerCase()} values do not match to a specific ${relation.caption}.`,
    )
  }
  row[relation.id] = id ?? idOfCode ?? ZERO_GUID
  if (relation.code !== null) row[relation.code] = codeOfId ?? (blank ? blankCode : (code ?? ''))
}
