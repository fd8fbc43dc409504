import type { ExactJson, ExactJsonObject } from '../http/exact-json.js'
import { isJsonObject } from '../http/exact-json.js'
import { queryOption } from '../http/odata.js'

/** A table as the organisation defines it. */
export interface EntityDefinition {
  readonly logicalName: string
  readonly entitySet: string
  readonly caption: string
  readonly primaryId: string
  readonly primaryName: string | null
  readonly tracksChanges: boolean
}

export interface EntityDetails {
  readonly entity: EntityDefinition
  /** Rows of `Attributes`, each with the properties of its own kind. */
  readonly attributes: readonly ExactJsonObject[]
  readonly options: ReadonlyMap<string, readonly Option[]>
  readonly relationships: readonly Relationship[]
  /** Entity set by logical name, of all tables. */
  readonly sets: ReadonlyMap<string, string>
}

export interface Option {
  readonly value: string
  readonly label: string
}

/** A way from a lookup to a table, with the navigation property by which it is written. */
export interface Relationship {
  readonly attribute: string
  readonly target: string
  readonly navigation: string
}

/** Reads a path below the service root as rows; follows to the last page. Throws {@link ConnectorError}. */
export type ReadRows = (path: string) => Promise<readonly ExactJsonObject[]>

const ENTITY =
  'LogicalName,EntitySetName,DisplayName,PrimaryIdAttribute,PrimaryNameAttribute,ChangeTrackingEnabled'
const CHOICES = ['Picklist', 'State', 'Status'] as const
const WITH_OPTIONS = [
  queryOption('$select', 'LogicalName'),
  queryOption('$expand', 'OptionSet($select=Options),GlobalOptionSet($select=Options)'),
].join('&')

/** Every table that has an entity set and is no mere relation of two others. */
export async function readEntities(read: ReadRows): Promise<readonly EntityDefinition[]> {
  const query = [queryOption('$select', ENTITY), queryOption('$filter', 'IsIntersect eq false')].join('&')
  const rows = await read(`EntityDefinitions?${query}`)
  return rows.flatMap((row) => {
    const entity = entityOf(row)
    return entity === null ? [] : [entity]
  })
}

/** Everything about one table; null where there is no entity set of that name. */
export async function readDetails(read: ReadRows, entitySet: string): Promise<EntityDetails | null> {
  const entities = await readEntities(read)
  const entity = entities.find((candidate) => candidate.entitySet === entitySet)
  if (entity === undefined) return null
  const root = `EntityDefinitions(LogicalName='${entity.logicalName}')`
  const relationship = 'ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName'
  const [attributes, relationships, ...choices] = await Promise.all([
    read(`${root}/Attributes`),
    read(`${root}/ManyToOneRelationships?${queryOption('$select', relationship)}`),
    ...CHOICES.map((kind) =>
      read(`${root}/Attributes/Microsoft.Dynamics.CRM.${kind}AttributeMetadata?${WITH_OPTIONS}`),
    ),
  ])
  return {
    entity,
    attributes,
    options: new Map(choices.flat().map((row) => [textOf(row['LogicalName']), optionsOf(row)])),
    relationships: relationships.map((row) => ({
      attribute: textOf(row['ReferencingAttribute']),
      target: textOf(row['ReferencedEntity']),
      navigation: textOf(row['ReferencingEntityNavigationPropertyName']),
    })),
    sets: new Map(entities.map(({ logicalName, entitySet: set }) => [logicalName, set])),
  }
}

/** Path of one choice with its options, as a list of one. */
export function choicePath(entity: string, column: string): string {
  const filter = queryOption('$filter', `LogicalName eq '${column}'`)
  return `EntityDefinitions(LogicalName='${entity}')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?${WITH_OPTIONS}&${filter}`
}

/** The options of a choice, in the order people see them. */
export function optionsOf(row: ExactJsonObject): readonly Option[] {
  const set = isJsonObject(row['OptionSet']) ? row['OptionSet'] : row['GlobalOptionSet']
  const options = isJsonObject(set) ? set['Options'] : undefined
  if (!Array.isArray(options)) return []
  return options.filter(isJsonObject).flatMap((option: ExactJsonObject) => {
    const value = option['Value']
    return typeof value === 'string' ? [{ value, label: labelOf(option['Label']) ?? value }] : []
  })
}

/** The text that the user of the connection sees; null where there is none. */
export function labelOf(label: ExactJson | undefined): string | null {
  if (!isJsonObject(label)) return null
  const localized = label['LocalizedLabels']
  const first: ExactJson | undefined = Array.isArray(localized) ? localized[0] : undefined
  const own = isJsonObject(label['UserLocalizedLabel']) ? label['UserLocalizedLabel'] : first
  const text = isJsonObject(own) ? own['Label'] : undefined
  return typeof text === 'string' && text !== '' ? text : null
}

export function textOf(value: ExactJson | undefined): string {
  return typeof value === 'string' ? value : ''
}

function entityOf(row: ExactJsonObject): EntityDefinition | null {
  const logicalName = textOf(row['LogicalName'])
  const entitySet = textOf(row['EntitySetName'])
  if (logicalName === '' || entitySet === '') return null
  return {
    logicalName,
    entitySet,
    caption: labelOf(row['DisplayName']) ?? logicalName,
    primaryId: textOf(row['PrimaryIdAttribute']),
    primaryName: textOf(row['PrimaryNameAttribute']) || null,
    tracksChanges: row['ChangeTrackingEnabled'] !== false,
  }
}
