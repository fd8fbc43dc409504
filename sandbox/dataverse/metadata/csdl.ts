import type { Answer } from '../../common/answer.js'
import type { Column } from '../../common/table.js'
import { assertNever } from '../../common/table.js'
import type { DataverseTable } from '../tables.js'
import { DATAVERSE_TABLES, SYSTEM_TABLES } from '../tables.js'
import type { Relationship } from './relationships.js'
import { relationships } from './relationships.js'

/** Users and teams are principals: what may own records. */
const PRINCIPAL = 'principal'
const PRINCIPALS = new Set(['systemuser', 'team'])

/** The CSDL document at `$metadata`: entity types, their properties and navigation properties, sets and actions. */
export function csdlAnswer(): Answer {
  const all = relationships()
  const served = new Set(DATAVERSE_TABLES.map((table) => table.entity))
  // A lookup may lead to a type of which no set is served; it is named all the same.
  const elsewhere = [...new Set(all.map((relationship) => relationship.referenced))].filter(
    (entity) => entity !== 'owner' && !served.has(entity),
  )
  const body = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '<edmx:DataServices>',
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '<EntityType Name="crmbaseentity" Abstract="true" />',
    entityType(PRINCIPAL, 'crmbaseentity', 'ownerid', [property('ownerid', 'Edm.Guid')]),
    ...elsewhere.map((entity) => bareType(entity)),
    ...[...DATAVERSE_TABLES, ...SYSTEM_TABLES].map((table) => tableType(table, all)),
    ...ACTIONS,
    '<EntityContainer Name="System">',
    ...[...DATAVERSE_TABLES, ...SYSTEM_TABLES].map((table) => entitySet(table, all)),
    '<FunctionImport Name="WhoAmI" Function="Microsoft.Dynamics.CRM.WhoAmI" />',
    ...['InsertOptionValue', 'UpdateOptionValue', 'DeleteOptionValue'].map(
      (name) => `<ActionImport Name="${name}" Action="Microsoft.Dynamics.CRM.${name}" />`,
    ),
    '</EntityContainer>',
    '</Schema>',
    '</edmx:DataServices>',
    '</edmx:Edmx>',
  ].join('\n')
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', 'odata-version': '4.0' },
    body,
    rows: 0,
  }
}

function entityType(name: string, base: string, key: string, members: readonly string[]): string {
  return [
    `<EntityType Name="${name}" BaseType="mscrm.${base}">`,
    `<Key><PropertyRef Name="${key}" /></Key>`,
    ...members,
    '</EntityType>',
  ].join('\n')
}

function bareType(entity: string): string {
  return entityType(entity, 'crmbaseentity', `${entity}id`, [property(`${entity}id`, 'Edm.Guid')])
}

function tableType(table: DataverseTable, all: readonly Relationship[]): string {
  const members = [
    ...table.columns
      .filter((column) => column.hidden !== true)
      .map((column) => property(column.name, edmType(column))),
    ...all.filter((relationship) => relationship.referencing === table).map(singleValued),
    ...all.filter((relationship) => relationship.referenced === table.entity).map(collectionValued),
  ]
  return entityType(
    table.entity,
    PRINCIPALS.has(table.entity) ? PRINCIPAL : 'crmbaseentity',
    table.key,
    members,
  )
}

function property(name: string, type: string): string {
  return `<Property Name="${name}" Type="${type}" />`
}

function singleValued(relationship: Relationship): string {
  const { attribute, navigation, referenced, referencedKey } = relationship
  return [
    `<NavigationProperty Name="${navigation}" Type="mscrm.${typeOf(referenced)}" Nullable="false" Partner="${relationship.back}">`,
    `<ReferentialConstraint Property="_${attribute}_value" ReferencedProperty="${referencedKey}" />`,
    '</NavigationProperty>',
  ].join('\n')
}

function collectionValued(relationship: Relationship): string {
  const { back, referencing, navigation } = relationship
  return `<NavigationProperty Name="${back}" Type="Collection(mscrm.${referencing.entity})" Partner="${navigation}" />`
}

function typeOf(entity: string): string {
  return entity === 'owner' ? PRINCIPAL : entity
}

function entitySet(table: DataverseTable, all: readonly Relationship[]): string {
  const bindings = all
    .filter((relationship) => relationship.referencing === table)
    .flatMap(({ navigation, referenced }) => {
      const target = DATAVERSE_TABLES.find((candidate) => candidate.entity === referenced)
      return target === undefined
        ? []
        : [`<NavigationPropertyBinding Path="${navigation}" Target="${target.name}" />`]
    })
  return [
    `<EntitySet Name="${table.name}" EntityType="Microsoft.Dynamics.CRM.${table.entity}">`,
    ...bindings,
    '</EntitySet>',
  ].join('\n')
}

function edmType(column: Column): string {
  switch (column.type.kind) {
    case 'guid':
      return 'Edm.Guid'
    case 'text':
    case 'memo':
      return 'Edm.String'
    case 'decimal':
      return 'Edm.Decimal'
    case 'integer':
    case 'choice':
      return 'Edm.Int32'
    case 'bigint':
      return 'Edm.Int64'
    case 'boolean':
      return 'Edm.Boolean'
    case 'date':
      return 'Edm.Date'
    case 'dateTime':
      return 'Edm.DateTimeOffset'
    case 'code':
    case 'option':
      throw new Error(`Column ${column.name} is of a type that Dataverse does not have.`)
    default:
      return assertNever(column.type)
  }
}

const OPTION_PARAMETERS = [
  '<Parameter Name="OptionSetName" Type="Edm.String" Unicode="false" />',
  '<Parameter Name="AttributeLogicalName" Type="Edm.String" Unicode="false" />',
  '<Parameter Name="EntityLogicalName" Type="Edm.String" Unicode="false" />',
  '<Parameter Name="SolutionUniqueName" Type="Edm.String" Unicode="false" />',
]
const LABEL_PARAMETERS = [
  '<Parameter Name="Label" Type="mscrm.Label" />',
  '<Parameter Name="Description" Type="mscrm.Label" />',
]

const ACTIONS = [
  '<ComplexType Name="LocalizedLabel">',
  '<Property Name="Label" Type="Edm.String" />',
  '<Property Name="LanguageCode" Type="Edm.Int32" Nullable="false" />',
  '<Property Name="IsManaged" Type="Edm.Boolean" />',
  '<Property Name="MetadataId" Type="Edm.Guid" />',
  '<Property Name="HasChanged" Type="Edm.Boolean" />',
  '</ComplexType>',
  '<ComplexType Name="Label">',
  '<Property Name="LocalizedLabels" Type="Collection(mscrm.LocalizedLabel)" Nullable="false" />',
  '<Property Name="UserLocalizedLabel" Type="mscrm.LocalizedLabel" />',
  '</ComplexType>',
  '<ComplexType Name="InsertOptionValueResponse"><Property Name="NewOptionValue" Type="Edm.Int32" Nullable="false" /></ComplexType>',
  '<ComplexType Name="WhoAmIResponse">',
  ...['BusinessUnitId', 'UserId', 'OrganizationId'].map(
    (name) => `<Property Name="${name}" Type="Edm.Guid" Nullable="false" />`,
  ),
  '</ComplexType>',
  '<Function Name="WhoAmI"><ReturnType Type="mscrm.WhoAmIResponse" Nullable="false" /></Function>',
  '<Action Name="InsertOptionValue">',
  ...OPTION_PARAMETERS,
  '<Parameter Name="Value" Type="Edm.Int32" />',
  ...LABEL_PARAMETERS,
  '<ReturnType Type="mscrm.InsertOptionValueResponse" Nullable="false" />',
  '</Action>',
  '<Action Name="UpdateOptionValue">',
  ...OPTION_PARAMETERS,
  '<Parameter Name="Value" Type="Edm.Int32" Nullable="false" />',
  ...LABEL_PARAMETERS,
  '<Parameter Name="MergeLabels" Type="Edm.Boolean" Nullable="false" />',
  '</Action>',
  '<Action Name="DeleteOptionValue">',
  ...OPTION_PARAMETERS,
  '<Parameter Name="Value" Type="Edm.Int32" Nullable="false" />',
  '</Action>',
]
