import { stableId } from '../stable-id.js'
import type { DataverseTable } from '../tables.js'
import { DATAVERSE_TABLES, entityOfSet } from '../tables.js'
import type { Definition } from './definition.js'
import { managed } from './definition.js'

/** A lookup of one entity type to another, as relationships tell it. */
export interface Relationship {
  readonly schemaName: string
  readonly referencing: DataverseTable
  /** Attribute of the lookup. */
  readonly attribute: string
  /** Navigation property of the lookup. */
  readonly navigation: string
  /** Entity type it leads to; `owner` stands for users and teams. */
  readonly referenced: string
  readonly referencedKey: string
  /** Navigation property back, to all records that refer. */
  readonly back: string
  readonly onDelete: 'clear' | 'restrict' | 'cascade'
}

/** The names that the platform gave to some; the others are made of their parts. */
const SCHEMA_NAMES: Readonly<Record<string, string>> = {
  'account.primarycontactid.contact': 'account_primary_contact',
  'account.parentaccountid.account': 'account_parent_account',
  'account.ownerid.owner': 'owner_accounts',
  'contact.ownerid.owner': 'owner_contacts',
  'contact.parentcustomerid.account': 'contact_customer_accounts',
  'contact.parentcustomerid.contact': 'contact_customer_contacts',
  'product.defaultuomid.uom': 'unit_of_measurement_products',
  'product.defaultuomscheduleid.uomschedule': 'unit_of_measurement_schedule_products',
  'uom.uomscheduleid.uomschedule': 'unit_of_measurement_schedule',
}

/** Every relationship among these tables. */
export function relationships(): Relationship[] {
  return DATAVERSE_TABLES.flatMap((table) =>
    table.columns.flatMap(({ lookup }): Relationship[] => {
      if (lookup === undefined) return []
      const { attribute, onDelete } = lookup
      const shared = { referencing: table, attribute, onDelete }
      if (attribute === 'ownerid') {
        return [
          {
            ...shared,
            navigation: attribute,
            referenced: 'owner',
            referencedKey: 'ownerid',
            ...names(table, attribute, 'owner'),
          },
        ]
      }
      return lookup.ways.map((way) => {
        const referenced = entityOfSet(way.target)
        const referencedKey =
          DATAVERSE_TABLES.find((candidate) => candidate.name === way.target)?.key ?? `${referenced}id`
        return {
          ...shared,
          navigation: way.navigation,
          referenced,
          referencedKey,
          ...names(table, attribute, referenced),
        }
      })
    }),
  )
}

function names(
  table: DataverseTable,
  attribute: string,
  referenced: string,
): { schemaName: string; back: string } {
  const schemaName =
    SCHEMA_NAMES[`${table.entity}.${attribute}.${referenced}`] ?? `${referenced}_${table.entity}_${attribute}`
  return { schemaName, back: schemaName }
}

export function relationshipDefinition(relationship: Relationship): Definition {
  const { referencing, schemaName } = relationship
  return {
    type: 'OneToManyRelationshipMetadata',
    properties: {
      MetadataId: stableId(`relationship ${schemaName}`),
      HasChanged: null,
      IsCustomRelationship: false,
      IsValidForAdvancedFind: true,
      SchemaName: schemaName,
      SecurityTypes: 'Append',
      IsManaged: true,
      RelationshipType: 'OneToManyRelationship',
      IntroducedVersion: '5.0.0.0',
      ReferencedAttribute: relationship.referencedKey,
      ReferencedEntity: relationship.referenced,
      ReferencingAttribute: relationship.attribute,
      ReferencingEntity: referencing.entity,
      IsHierarchical: false,
      EntityKey: null,
      IsRelationshipAttributeDenormalized: false,
      ReferencedEntityNavigationPropertyName: relationship.back,
      ReferencingEntityNavigationPropertyName: relationship.navigation,
      RelationshipBehavior: 1,
      IsCustomizable: managed(true, 'iscustomizable'),
      CascadeConfiguration: {
        Assign: 'NoCascade',
        Delete: CASCADE[relationship.onDelete],
        Archive: 'NoCascade',
        Merge: 'NoCascade',
        Reparent: 'NoCascade',
        Share: 'NoCascade',
        Unshare: 'NoCascade',
        RollupView: 'NoCascade',
      },
      RelationshipAttributes: [],
    },
    navigations: {},
  }
}

const CASCADE = { clear: 'RemoveLink', restrict: 'Restrict', cascade: 'Cascade' } as const
