import type { Column } from '../../common/table.js'
import type { OptionSets } from '../options.js'
import { stableId } from '../stable-id.js'
import type { DataverseTable } from '../tables.js'
import type { Definition, Plain } from './definition.js'
import { NO_LABEL, labelOf, managed } from './definition.js'
import type { Kind } from './kinds.js'
import { kindOf, textProperties } from './kinds.js'
import { nameOf } from './names.js'

/** The definitions of a table's columns, with those that only accompany others. */
export function attributesOf(table: DataverseTable, optionSets: OptionSets): Definition[] {
  const visible = table.columns.filter((column) => column.hidden !== true)
  return visible.flatMap((column, index) => {
    const attribute = attributeOf(table, column)
    const own = definition(table, attribute, index + 1, kindOf(table, column, optionSets), column, null)
    return [own, ...companions(table, column, attribute, index + 1)]
  })
}

function attributeOf(
  table: DataverseTable,
  column: Column,
): { name: string; schemaName: string; label: string } {
  const name = column.lookup?.attribute ?? column.name
  return column.namedByItself === true
    ? { name, schemaName: name, label: name }
    : { name, ...nameOf(table.entity, name) }
}

/** Of a choice and a lookup: its name as text, which no query of the Web API returns; of a polymorphic lookup also its type. */
function companions(
  table: DataverseTable,
  column: Column,
  attribute: { name: string; schemaName: string; label: string },
  place: number,
): Definition[] {
  const companion = (suffix: string, schemaSuffix: string, kind: Kind): Definition =>
    definition(
      table,
      { name: `${attribute.name}${suffix}`, schemaName: `${attribute.schemaName}${schemaSuffix}`, label: '' },
      place,
      kind,
      null,
      attribute.name,
    )
  if (column.lookup !== undefined) {
    const name = companion('name', 'Name', {
      code: 'String',
      type: 'String',
      properties: textProperties(160, 'Text'),
    })
    const type = companion('type', 'Type', { code: 'EntityName', type: 'EntityName', properties: {} })
    return column.lookup.kindColumn === undefined ? [name] : [name, type]
  }
  const virtual: Kind = { code: 'Virtual', type: '', properties: {} }
  return column.type.kind === 'choice' || column.type.kind === 'boolean'
    ? [companion('name', 'Name', virtual)]
    : []
}

/** `column` is null for what accompanies the attribute `of`. */
function definition(
  table: DataverseTable,
  attribute: { readonly name: string; readonly schemaName: string; readonly label: string },
  place: number,
  kind: Kind,
  column: Column | null,
  of: string | null,
): Definition {
  const common = commonProperties(table, attribute, place, kind, column, of)
  return {
    type: `${kind.type}AttributeMetadata`,
    properties: { ...common, ...kind.properties },
    common: Object.keys(common),
    navigations: kind.navigations ?? {},
  }
}

/** What the definitions of all columns have. */
function commonProperties(
  table: DataverseTable,
  attribute: { readonly name: string; readonly schemaName: string; readonly label: string },
  place: number,
  kind: Kind,
  column: Column | null,
  of: string | null,
): Record<string, Plain> {
  const writable = column !== null && column.readOnly !== true
  const id = `${table.entity}.${attribute.name}`
  return {
    MetadataId: stableId(`attribute ${id}`),
    HasChanged: null,
    AttributeOf: of,
    AttributeType: kind.code,
    ColumnNumber: place,
    DeprecatedVersion: null,
    IntroducedVersion: '5.0.0.0',
    EntityLogicalName: table.entity,
    IsCustomAttribute: false,
    IsPrimaryId: attribute.name === table.key,
    IsValidODataAttribute: of === null,
    IsPrimaryName: attribute.name === table.nameColumn,
    IsValidForCreate: writable,
    IsValidForRead: true,
    IsValidForUpdate: writable && column.createOnly !== true && attribute.name !== table.key,
    CanBeSecuredForRead: false,
    CanBeSecuredForCreate: false,
    CanBeSecuredForUpdate: false,
    IsSecured: false,
    IsRetrievable: of === null,
    IsFilterable: of === null,
    IsSearchable: kind.code === 'String',
    IsManaged: true,
    LinkedAttributeId: null,
    LogicalName: attribute.name,
    IsValidForForm: of === null,
    IsRequiredForForm: false,
    IsValidForGrid: of === null,
    SchemaName: attribute.schemaName,
    ExternalName: null,
    IsLogical: of !== null,
    IsDataSourceSecret: false,
    InheritsFrom: null,
    CreatedOn: '1900-01-01T00:00:00Z',
    ModifiedOn: '1900-01-01T00:00:00Z',
    SourceType: kind.code === 'Virtual' ? null : 0,
    AutoNumberFormat: null,
    AttributeTypeName: { Value: kind.typeName ?? `${kind.code}Type` },
    Description: NO_LABEL,
    DisplayName: attribute.label === '' ? NO_LABEL : labelOf(attribute.label, id),
    IsAuditEnabled: managed(true, 'canmodifyauditsettings'),
    IsCustomizable: managed(true, 'iscustomizable'),
    IsRenameable: managed(true, 'isrenameable'),
    IsValidForAdvancedFind: managed(of === null, 'canmodifysearchsettings'),
    IsSortableEnabled: managed(false, 'canmodifyissortablesettings'),
    IsGlobalFilterEnabled: managed(false, 'canmodifyglobalfiltersettings'),
    RequiredLevel: managed(requiredLevel(table, attribute.name), 'canmodifyrequirementlevelsettings'),
    CanModifyAdditionalSettings: managed(true, 'canmodifyadditionalsettings'),
    Settings: [],
  }
}

/** What forms demand and the server does not. */
const APPLICATION_REQUIRED = [
  'account.name',
  'contact.lastname',
  'systemuser.firstname',
  'systemuser.lastname',
]

function requiredLevel(table: DataverseTable, attribute: string): string {
  if (table.required.includes(attribute) || attribute === table.key || attribute === 'statecode')
    return 'SystemRequired'
  return APPLICATION_REQUIRED.includes(`${table.entity}.${attribute}`) ? 'ApplicationRequired' : 'None'
}
