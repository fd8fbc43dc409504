import { findTable } from '../../domain/catalog/tables.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { FieldType } from '../../domain/value.js'
import type { EntityType, Property, ServiceMetadata } from '../http/csdl.js'
import { decodeMemberName } from './member-names.js'

/** Moves with every change of a record. */
export const STAMP = 'lastModifiedDateTime'
/** Longer than any text of Business Central; where the metadata names no length the server's own check remains. */
const UNBOUNDED = 2048
/** Decimals that Business Central keeps of a number. */
const SCALE = 5
/** Keys that people know records by: where one is there, a creation of unknown outcome is found again by it. */
const KEYS = ['number', 'code']

/** Where a table cannot be synchronized as it is. */
export class UnusableTableError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnusableTableError'
  }
}

/**
 * A table out of `$metadata`. What the catalog knows of it goes first, except what the metadata tells better: which fields
 * there are, lengths, and members of options. Throws {@link UnusableTableError}.
 */
export function describeTable(metadata: ServiceMetadata, name: string): TableDefinition {
  const type = metadata.types.get(metadata.sets.get(name) ?? '')
  if (type === undefined) throw new UnusableTableError(`Business Central has no table ${name}.`)
  const known = findTable('BUSINESS_CENTRAL', name)
  const keyField = known?.keyField ?? type.keys[0] ?? ''
  const stampField = known?.stampField ?? STAMP
  const has = (property: string) => type.properties.some((candidate) => candidate.name === property)
  if (type.keys.length > 1 || !has(keyField)) {
    throw new UnusableTableError(`The table ${name} has no single key by which its records are told apart.`)
  }
  if (!has(stampField)) {
    throw new UnusableTableError(`The table ${name} has no ${STAMP}, so that changes in it cannot be found.`)
  }
  const fields = [
    ...(known?.fields ?? []).flatMap((field) => completed(metadata, type, field)),
    ...type.properties
      .filter(({ name: own }) => own !== keyField && own !== stampField)
      .filter(({ name: own }) => known?.fields.every((field) => field.name !== own) ?? true)
      .map((property) => ({
        name: property.name,
        caption: captionOf(property.name),
        type: fieldType(metadata, type, property),
      })),
  ]
  const nameField = known?.nameField ?? nameFieldOf(fields)
  if (nameField === undefined) throw new UnusableTableError(`The table ${name} has no field to synchronize.`)
  const key = KEYS.find((candidate) => fields.some((field) => field.name === candidate))
  return {
    system: 'BUSINESS_CENTRAL',
    name,
    caption: known?.caption ?? captionOf(metadata.sets.get(name) ?? name),
    keyField,
    stampField,
    stampResolution: 1,
    nameField,
    page: known?.page ?? '',
    ...(known?.assignedKey !== undefined
      ? { assignedKey: known.assignedKey }
      : key === undefined
        ? {}
        : { assignedKey: { field: key, prefix: 'S', digits: 6 } }),
    fields,
  }
}

/** A field of the catalog as this service has it; none where the service lacks it. */
function completed(metadata: ServiceMetadata, type: EntityType, field: FieldDefinition): FieldDefinition[] {
  const member = field.byCode?.member ?? field.name
  const property = type.properties.find((candidate) => candidate.name === member)
  if (property === undefined) return []
  const members = metadata.enumerations.get(property.type)
  const known = field.type
  if ((known.kind === 'text' || known.kind === 'code') && property.maxLength !== null) {
    return [{ ...field, type: { ...known, maxLength: property.maxLength } }]
  }
  return known.kind === 'option' && members !== undefined
    ? [{ ...field, type: { kind: 'option', members: externalNames(members) } }]
    : [field]
}

function fieldType(metadata: ServiceMetadata, entity: EntityType, property: Property): FieldType {
  if (property.isCollection) return { kind: 'unsupported', name: `Collection(${property.type})` }
  const members = metadata.enumerations.get(property.type)
  if (members !== undefined) return { kind: 'option', members: externalNames(members) }
  switch (property.type) {
    case 'Edm.String': {
      const isCode = KEYS.includes(property.name) || property.name.endsWith('Code')
      return { kind: isCode ? 'code' : 'text', maxLength: property.maxLength ?? UNBOUNDED }
    }
    case 'Edm.Decimal':
    case 'Edm.Double':
      return { kind: 'decimal', scale: property.scale ?? SCALE, nullable: false }
    case 'Edm.Byte':
    case 'Edm.Int16':
    case 'Edm.Int32':
    case 'Edm.Int64':
      return { kind: 'integer', nullable: false }
    case 'Edm.Boolean':
      return { kind: 'boolean', nullable: false }
    case 'Edm.Date':
      return { kind: 'date' }
    case 'Edm.DateTimeOffset':
      return { kind: 'dateTime' }
    case 'Edm.Guid': {
      const table = tableReferredTo(metadata, entity, property.name)
      return table === null ? { kind: 'guid' } : { kind: 'lookup', table }
    }
    default:
      return { kind: 'unsupported', name: property.type }
  }
}

/** `currencyId` refers to what the navigation `currency` leads to; `paymentTermsId` to that of `paymentTerm`. */
function tableReferredTo(metadata: ServiceMetadata, entity: EntityType, name: string): string | null {
  const single = entity.navigations.filter((navigation) => !navigation.isCollection)
  const base = name.replace(/Id$/, '')
  const found =
    single.find((navigation) => navigation.by.includes(name)) ??
    (base === name
      ? undefined
      : single.find((navigation) => navigation.name === base || `${navigation.name}s` === base))
  if (found === undefined) return null
  for (const [set, type] of metadata.sets) if (type === found.type) return set
  return null
}

/** Without the blank one, which is no value. */
function externalNames(members: readonly string[]): readonly string[] {
  return members.map(decodeMemberName).filter((member) => member.trim() !== '')
}

/** `shipmentMethod` is read as `Shipment Method`. */
export function captionOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function nameFieldOf(fields: readonly FieldDefinition[]): string | undefined {
  return (
    ['displayName', 'name', 'description', ...KEYS].find((candidate) =>
      fields.some((field) => field.name === candidate),
    ) ?? fields.find((field) => field.type.kind !== 'unsupported')?.name
  )
}
