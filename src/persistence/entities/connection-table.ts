import { defineEntity, p } from '@mikro-orm/core'
import type { TableDefinition } from '../../domain/schema.js'
import type { Side } from '../../domain/value.js'

const ConnectionTableSchema = defineEntity({
  name: 'ConnectionTable',
  tableName: 'connection_table',
  properties: {
    connectionId: p.uuid().primary(),
    side: p.text().$type<Side>().primary(),
    name: p.text().primary(),
    definition: p.json().$type<TableDefinition>(),
    /** When it was read from the system's metadata. */
    readAt: p.datetime(3),
  },
})

/** A table of one of a connection's systems as that system's own metadata describes it. Goes before the catalog. */
export class ConnectionTable extends ConnectionTableSchema.class {}
ConnectionTableSchema.setClass(ConnectionTable)
