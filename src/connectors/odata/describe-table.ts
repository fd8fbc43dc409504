import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { FieldType } from '../../domain/value.js'
import type { TableName } from '../connector.js'
import type { EntityType, Navigation, Property, ServiceMetadata } from '../http/csdl.js'
import type { SetSettings } from './settings.js'

/** Of text for which the metadata names no length, the service's own check remains. */
const UNBOUNDED = 1_048_576
/** Decimals kept of a number for which the metadata names none. */
const SCALE = 10
/** Properties by which people know a record, in this order. */
const NAMES = ['displayName', 'name', 'title', 'description', 'subject', 'number', 'code']
/** How some services name a property that repeats the key of another record and cannot be written itself. */
const REFERENCE_VALUE = /^_(.+)_value$/

/** Where an entity set cannot be synchronized as it is, or as the settings have it. */
export class UnusableSetError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnusableSetError'
  }
}

/** Every entity set whose records have a key, by name. */
export function listSets(metadata: ServiceMetadata): readonly TableName[] {
  return [...metadata.sets]
    .filter(([, type]) => (metadata.types.get(type)?.keys.length ?? 0) > 0)
    .map(([set]) => ({ name: set, caption: captionOf(set) }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** An entity set as `$metadata` describes it, with what the settings add. Throws {@link UnusableSetError}. */
export function describeSet(
  metadata: ServiceMetadata,
  set: string,
  settings: SetSettings | undefined,
): TableDefinition {
  const type = metadata.types.get(metadata.sets.get(set) ?? '')
  if (type === undefined) throw new UnusableSetError(`The service has no entity set ${set}.`)
  const stampField = settings?.modifiedField ?? ''
  if (type.keys.length === 0) throw new UnusableSetError(`The records of ${set} have no key.`)
  const fields = type.properties
    .filter((property) => property.name !== stampField)
    .map((property) => fieldOf(metadata, set, type, property))
  for (const key of type.keys) {
    const field = fields.find((candidate) => candidate.name === key)
    if (field === undefined || !canBeKey(field.type))
      throw new UnusableSetError(
        `The key ${key} of ${set} is of a type by which records cannot be told apart.`,
      )
  }
  const stamp = type.properties.find((property) => property.name === stampField)
  if (stampField !== '' && stamp?.type !== 'Edm.DateTimeOffset')
    throw new UnusableSetError(`${set} has no property ${stampField} that holds a date and time.`)
  for (const [use, name] of [
    ['assignedKey', settings?.assignedKey?.field],
    ['nameField', settings?.nameField],
  ] as const) {
    if (name !== undefined && !fields.some((field) => field.name === name))
      throw new UnusableSetError(`${set} has no property ${name}, which the settings name as its ${use}.`)
  }
  return {
    system: 'ODATA',
    name: set,
    caption: captionOf(set),
    keyField: type.keys.join(','),
    stampField,
    stampResolution: 1,
    nameField: settings?.nameField ?? nameFieldOf(fields, type.keys),
    page: '',
    ...(settings?.assignedKey === undefined ? {} : { assignedKey: settings.assignedKey }),
    fields,
    tracksChanges: settings?.deltaLinks ?? false,
  }
}

function fieldOf(
  metadata: ServiceMetadata,
  set: string,
  entity: EntityType,
  property: Property,
): FieldDefinition {
  const isKey = entity.keys.includes(property.name)
  const reference = property.isCollection ? null : referenceOf(metadata, set, entity, property)
  const common = {
    name: property.name,
    caption: captionOf(property.name),
    ...(isKey && !property.computed ? { createOnly: true } : {}),
  }
  if (reference === null)
    return {
      ...common,
      type: fieldType(metadata, property),
      ...(property.computed ? { readOnly: true } : {}),
    }
  const { navigation, table, key } = reference
  const isRepeated = property.computed || REFERENCE_VALUE.test(property.name)
  return {
    ...common,
    type: { kind: 'lookup', table },
    ...(key === 'guid' ? {} : { referenceKey: key }),
    ...(isRepeated && key === 'guid' ? { bind: { navigation: navigation.name, entitySet: table } } : {}),
    ...(isRepeated && key !== 'guid' ? { readOnly: true } : {}),
  }
}

interface Reference {
  readonly navigation: Navigation
  readonly table: string
  readonly key: 'guid' | 'integer' | 'text'
}

/** Where the property holds the key of a record of another set, and no more than that; null: it does not, or nobody says so. */
function referenceOf(
  metadata: ServiceMetadata,
  set: string,
  entity: EntityType,
  property: Property,
): Reference | null {
  const navigation = entity.navigations.find(
    (candidate) => !candidate.isCollection && candidate.by.length === 1 && candidate.by[0] === property.name,
  )
  if (navigation === undefined) return null
  const table =
    metadata.bindings.get(set)?.get(navigation.name) ??
    [...metadata.sets].find(([, type]) => type === navigation.type)?.[0]
  if (table === undefined || metadata.types.get(navigation.type)?.keys.length !== 1) return null
  switch (fieldType(metadata, property).kind) {
    case 'guid':
      return { navigation, table, key: 'guid' }
    case 'integer':
      return { navigation, table, key: 'integer' }
    case 'text':
      return { navigation, table, key: 'text' }
    default:
      return null
  }
}

function fieldType(metadata: ServiceMetadata, property: Property): FieldType {
  const { type, nullable } = property
  if (property.isCollection) return { kind: 'unsupported', name: `Collection(${type})` }
  const members = metadata.enumerations.get(type)
  if (members !== undefined)
    return metadata.flags.has(type) ? { kind: 'unsupported', name: type } : { kind: 'option', members }
  switch (type) {
    case 'Edm.String':
      return { kind: 'text', maxLength: property.maxLength ?? UNBOUNDED }
    case 'Edm.Decimal':
    case 'Edm.Double':
    case 'Edm.Single':
      return { kind: 'decimal', scale: property.scale ?? SCALE, nullable }
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
    case 'Edm.Int64':
      return { kind: 'integer', nullable }
    case 'Edm.Boolean':
      return { kind: 'boolean', nullable }
    case 'Edm.Date':
      return { kind: 'date' }
    case 'Edm.DateTimeOffset':
      return { kind: 'dateTime' }
    case 'Edm.Guid':
      return { kind: 'guid' }
    default:
      return { kind: 'unsupported', name: type }
  }
}

function canBeKey(type: FieldType): boolean {
  return ['text', 'integer', 'guid', 'lookup', 'date'].includes(type.kind)
}

function nameFieldOf(fields: readonly FieldDefinition[], keys: readonly string[]): string {
  const byName = NAMES.flatMap((wanted) =>
    fields.filter((field) => field.name.toLowerCase() === wanted.toLowerCase()),
  )
  const text = fields.find((field) => field.type.kind === 'text' && !keys.includes(field.name))
  return (byName[0] ?? text)?.name ?? keys[0] ?? ''
}

/** `paymentTerms` and `payment_terms` are read as `Payment Terms`. */
function captionOf(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
