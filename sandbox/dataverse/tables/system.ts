import { stableId } from '../stable-id.js'
import { column, guid, text } from '../columns.js'
import type { Row } from '../../common/table.js'
import type { DataverseTable } from './table.js'
import { BASE, STAMPS } from './table.js'

/** Tables about the service itself: they can only be read, and their rows are the same in every sandbox. */
const SYSTEM = {
  ...BASE,
  ownership: 'None',
  objectTypeCode: 0,
  creatable: false,
  changeable: false,
  tracksChanges: false,
} as const

/** Security roles. */
export const ROLES: DataverseTable = {
  ...SYSTEM,
  name: 'roles',
  entity: 'role',
  schemaName: 'Role',
  caption: 'Security Role',
  pluralCaption: 'Security Roles',
  key: 'roleid',
  columns: [
    guid('roleid'),
    text('name', 100),
    guid('_roletemplateid_value'),
    guid('_businessunitid_value'),
    ...STAMPS.filter((stamp) => stamp.lookup === undefined),
  ],
}

/** What a role may allow. */
export const PRIVILEGES_TABLE: DataverseTable = {
  ...SYSTEM,
  name: 'privileges',
  entity: 'privilege',
  schemaName: 'Privilege',
  caption: 'Privilege',
  pluralCaption: 'Privileges',
  key: 'privilegeid',
  columns: [guid('privilegeid'), text('name', 100), ...STAMPS.filter((stamp) => stamp.lookup === undefined)],
}

/** Which message works on which table: by it a client learns where `CreateMultiple` and its kin are. */
export const MESSAGE_FILTERS: DataverseTable = {
  ...SYSTEM,
  name: 'sdkmessagefilters',
  entity: 'sdkmessagefilter',
  schemaName: 'SdkMessageFilter',
  caption: 'Sdk Message Filter',
  pluralCaption: 'Sdk Message Filters',
  nameColumn: 'primaryobjecttypecode',
  key: 'sdkmessagefilterid',
  columns: [
    guid('sdkmessagefilterid'),
    text('primaryobjecttypecode', 128),
    guid('_sdkmessageid_value'),
    // The message's own name, for filters alone.
    column('sdkmessageid/name', { kind: 'text', length: 128 }, { hidden: true }),
    ...STAMPS.filter((stamp) => stamp.lookup === undefined),
  ],
}

const MESSAGES = ['Create', 'Update', 'Upsert', 'Delete', 'Retrieve', 'RetrieveMultiple']
const BULK_MESSAGES = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple']

/** A row for every message of every table. */
export function messageFilterRows(tables: readonly DataverseTable[]): Row[] {
  return tables.flatMap((table) =>
    [...MESSAGES, ...(table.creatable ? BULK_MESSAGES : [])].map((message) => ({
      sdkmessagefilterid: stableId(`message filter ${table.entity} ${message}`),
      primaryobjecttypecode: table.entity,
      _sdkmessageid_value: stableId(`message ${message}`),
      'sdkmessageid/name': message,
    })),
  )
}
