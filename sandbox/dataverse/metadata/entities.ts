import type { OptionSets } from '../options.js'
import { stableId } from '../stable-id.js'
import type { DataverseTable } from '../tables.js'
import { PRIVILEGES, Verb, privilegeName } from '../identity/privileges.js'
import { attributesOf } from './attributes.js'
import type { Definition, Plain } from './definition.js'
import { NO_LABEL, labelOf, managed } from './definition.js'
import { relationshipDefinition, relationships } from './relationships.js'

/** The privileges about a table, each with the depths that a role may give it. */
function privilegesOf(table: DataverseTable): Plain {
  const isOwned = table.ownership === 'UserOwned'
  return Object.values(Verb).flatMap((verb) => {
    const privilege = PRIVILEGES.find(({ name }) => name === privilegeName(verb, table))
    if (privilege === undefined) return []
    return [
      {
        CanBeBasic: isOwned,
        CanBeLocal: isOwned,
        CanBeDeep: isOwned,
        CanBeGlobal: true,
        CanBeEntityReference: false,
        CanBeParentEntityReference: false,
        CanBeRecordFilter: false,
        Name: privilege.name,
        PrivilegeId: privilege.id,
        PrivilegeType: verb,
      },
    ]
  })
}

/** The definition of a table. */
export function entityDefinition(table: DataverseTable, optionSets: OptionSets): Definition {
  const collection = capitalized(table)
  return {
    type: 'EntityMetadata',
    properties: {
      MetadataId: stableId(`entity ${table.entity}`),
      HasChanged: null,
      ActivityTypeMask: 0,
      AutoRouteToOwnerQueue: false,
      CanTriggerWorkflow: true,
      IsDocumentManagementEnabled: false,
      IsKnowledgeManagementEnabled: false,
      IsSLAEnabled: false,
      IsBPFEntity: false,
      IsActivity: false,
      IsActivityParty:
        table.entity === 'account' || table.entity === 'contact' || table.entity === 'systemuser',
      IsAvailableOffline: true,
      IsChildEntity: false,
      IsCustomEntity: false,
      IsBusinessProcessEnabled: false,
      SyncToExternalSearchIndex: false,
      IsOptimisticConcurrencyEnabled: true,
      ChangeTrackingEnabled: table.tracksChanges,
      IsImportable: table.creatable,
      IsIntersect: false,
      IsManaged: true,
      IsEnabledForCharts: true,
      IsEnabledForTrace: false,
      IsValidForAdvancedFind: true,
      DaysSinceRecordLastModified: 0,
      IsReadingPaneEnabled: true,
      IsQuickCreateEnabled: false,
      LogicalName: table.entity,
      ObjectTypeCode: table.objectTypeCode,
      OwnershipType: table.ownership,
      PrimaryNameAttribute: table.nameColumn,
      PrimaryImageAttribute: null,
      PrimaryIdAttribute: table.key,
      SchemaName: table.schemaName,
      IntroducedVersion: '5.0.0.0',
      IsStateModelAware: table.states.length > 0,
      EnforceStateTransitions: false,
      ExternalName: null,
      LogicalCollectionName: table.name,
      ExternalCollectionName: null,
      CollectionSchemaName: collection,
      EntitySetName: table.name,
      IsPrivate: false,
      IsLogicalEntity: false,
      IsSolutionAware: false,
      TableType: 'Standard',
      DataProviderId: null,
      DataSourceId: null,
      CreatedOn: '1900-01-01T00:00:00Z',
      ModifiedOn: '1900-01-01T00:00:00Z',
      Description: NO_LABEL,
      DisplayCollectionName: labelOf(table.pluralCaption, `${table.entity} collection`),
      DisplayName: labelOf(table.caption, table.entity),
      IsAuditEnabled: managed(true, 'canmodifyauditsettings'),
      IsCustomizable: managed(true, 'iscustomizable'),
      IsRenameable: managed(true, 'isrenameable'),
      CanCreateAttributes: managed(true, 'cancreateattributes', false),
      CanChangeTrackingBeEnabled: managed(true, 'canchangetrackingbeenabled'),
      Privileges: privilegesOf(table),
    },
    navigations: {
      Attributes: attributesOf(table, optionSets),
      ManyToOneRelationships: relationships()
        .filter((relationship) => relationship.referencing.name === table.name)
        .map(relationshipDefinition),
      OneToManyRelationships: relationships()
        .filter((relationship) => relationship.referenced === table.entity)
        .map(relationshipDefinition),
      ManyToManyRelationships: [],
      Keys: [],
    },
  }
}

/** `UoMSchedules`, from the set's name and the capitals of the entity's schema name. */
function capitalized(table: DataverseTable): string {
  const stem = table.name.startsWith(table.entity) ? table.entity.length : table.entity.length - 1
  return table.schemaName.slice(0, stem) + table.name.slice(stem)
}
