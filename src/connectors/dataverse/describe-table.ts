import { findTable } from '../../domain/catalog/tables.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { FieldType } from '../../domain/value.js'
import type { ExactJson, ExactJsonObject } from '../http/exact-json.js'
import { isJsonObject } from '../http/exact-json.js'
import type { EntityDetails } from './definitions.js'
import { labelOf, textOf } from './definitions.js'

const STAMP = 'modifiedon'
/** Of a Memo column without a length. */
const LONGEST_MEMO = 1_048_576
/** Money comes with four decimals whatever the precision of its column. */
const MONEY_SCALE = 4
const DEFAULT_SCALE = 10

/**
 * A table out of the organisation's metadata. What the catalog knows of a field goes first, except what the metadata tells
 * better: which fields there are, lengths, and options. Null where the table has no stamp that moves with every change.
 */
export function tableOfDetails(details: EntityDetails): TableDefinition | null {
  const { entity } = details
  const known = findTable('DATAVERSE', entity.entitySet)
  const attributes = details.attributes.filter((row) => (row['AttributeOf'] ?? null) === null)
  const byName = new Map(attributes.map((row) => [textOf(row['LogicalName']), row]))
  if (!byName.has(STAMP)) return null
  const fields = [
    ...(known?.fields ?? []).flatMap((field) => completed(details, byName, field)),
    ...attributes.flatMap((row) => {
      const name = textOf(row['LogicalName'])
      if (name === entity.primaryId || name === STAMP || row['IsValidForRead'] === false) return []
      return known?.fields.some((field) => field.name === name) === true ? [] : fieldsOf(details, row, name)
    }),
  ]
  const named = [known?.nameField, entity.primaryName].find((name) =>
    fields.some((field) => field.name === name),
  )
  const nameField = named ?? fields.find((field) => field.type.kind === 'text')?.name
  if (nameField === undefined || nameField === null) return null
  return {
    system: 'DATAVERSE',
    name: entity.entitySet,
    caption: known?.caption ?? entity.caption,
    keyField: entity.primaryId,
    stampField: STAMP,
    stampResolution: 1000,
    nameField,
    page: entity.logicalName,
    fields,
    ...(entity.tracksChanges ? {} : { tracksChanges: false }),
  }
}

/** A field of the catalog as this organisation has it; none where it lacks the column. */
function completed(
  { options }: EntityDetails,
  byName: ReadonlyMap<string, ExactJsonObject>,
  field: FieldDefinition,
): FieldDefinition[] {
  const column = field.targetOf ?? field.behindPrefix?.column ?? field.name
  const row = byName.get(column)
  if (row === undefined) return []
  const maxLength = numberOf(row['MaxLength'])
  const { type } = field
  if (type.kind === 'text' && maxLength !== null) return [{ ...field, type: { ...type, maxLength } }]
  const members = options.get(column)?.map((option) => option.value)
  return type.kind === 'option' && field.targetOf === undefined && members !== undefined
    ? [{ ...field, type: { kind: 'option', members } }]
    : [field]
}

/** The fields that a column is: a lookup to one of several tables has a second one, which says to which. */
function fieldsOf(details: EntityDetails, row: ExactJsonObject, name: string): FieldDefinition[] {
  const caption = labelOf(row['DisplayName']) ?? name
  const create = row['IsValidForCreate'] !== false
  const update = row['IsValidForUpdate'] !== false
  const common = {
    name,
    caption,
    ...(create || update ? {} : { readOnly: true }),
    ...(create && !update ? { createOnly: true } : {}),
    ...(!create && update ? { afterCreation: true } : {}),
    ...(create && isDemanded(row) ? { required: true } : {}),
  }
  const targets = targetsOf(row)
  const [first] = targets
  if (first === undefined) {
    const money = kindOf(row) === 'Money' && !name.endsWith('_base')
    return [
      {
        ...common,
        type: fieldType(details, row, name),
        ...(money ? { money: { currencyField: 'transactioncurrencyid' } } : {}),
      },
    ]
  }
  const table = details.sets.get(first)
  if (table === undefined) return [{ ...common, type: { kind: 'unsupported', name: `Lookup(${first})` } }]
  const navigation =
    details.relationships.find((way) => way.attribute === name && way.target === first)?.navigation || name
  const lookup: FieldDefinition = {
    ...common,
    type: { kind: 'lookup', table },
    bind: { navigation, entitySet: table },
    ...(targets.length > 1 ? { target: first } : {}),
  }
  if (targets.length === 1) return [lookup]
  return [
    lookup,
    {
      name: `${name}type`,
      caption: `${caption}: Type`,
      type: { kind: 'option', members: targets },
      readOnly: true,
      targetOf: name,
    },
  ]
}

function fieldType({ options }: EntityDetails, row: ExactJsonObject, name: string): FieldType {
  const kind = kindOf(row)
  switch (kind) {
    case 'String':
    case 'Memo':
      return { kind: 'text', maxLength: numberOf(row['MaxLength']) ?? LONGEST_MEMO }
    case 'Uniqueidentifier':
      return { kind: 'guid' }
    case 'Integer':
    case 'BigInt':
      return { kind: 'integer', nullable: true }
    case 'Decimal':
    case 'Double':
      return { kind: 'decimal', scale: numberOf(row['Precision']) ?? DEFAULT_SCALE, nullable: true }
    case 'Money':
      return { kind: 'decimal', scale: MONEY_SCALE, nullable: true }
    case 'Boolean':
      return { kind: 'boolean', nullable: true }
    case 'Picklist':
    case 'State':
    case 'Status':
      return { kind: 'option', members: (options.get(name) ?? []).map((option) => option.value) }
    case 'DateTime':
      return isDate(row) ? { kind: 'date' } : { kind: 'dateTime' }
    default:
      return { kind: 'unsupported', name: kind }
  }
}

/** `Virtual` stands for several kinds, of which only the name of the type tells more. */
function kindOf(row: ExactJsonObject): string {
  const kind = textOf(row['AttributeType'])
  const name = isJsonObject(row['AttributeTypeName']) ? textOf(row['AttributeTypeName']['Value']) : ''
  return kind === 'Virtual' && name !== '' ? name.replace(/Type$/, '') : kind
}

function targetsOf(row: ExactJsonObject): readonly string[] {
  if (!['Lookup', 'Customer', 'Owner'].includes(kindOf(row))) return []
  const targets = row['Targets']
  return Array.isArray(targets) ? targets.filter((target) => typeof target === 'string') : []
}

/** Only a column with that behaviour is a date on the wire; others that show a date alone hold a moment. */
function isDate(row: ExactJsonObject): boolean {
  return isJsonObject(row['DateTimeBehavior']) && row['DateTimeBehavior']['Value'] === 'DateOnly'
}

/** What the server fills in by itself it does not demand. */
function isDemanded(row: ExactJsonObject): boolean {
  const level = isJsonObject(row['RequiredLevel']) ? row['RequiredLevel']['Value'] : undefined
  const filledIn = ['Owner', 'State', 'Status', 'Boolean', 'Uniqueidentifier'].includes(kindOf(row))
  const initial = numberOf(row['DefaultFormValue'])
  return level === 'SystemRequired' && !filledIn && (initial === null || initial < 0)
}

function numberOf(value: ExactJson | undefined): number | null {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : null
}
