import { defineEntity, p } from '@mikro-orm/core'
import type { Side } from '../../domain/value.js'

/** A table's name on the wire, and the caption that people know. */
export interface ListedTable {
  readonly name: string
  readonly caption: string
}

const ConnectionTableListSchema = defineEntity({
  name: 'ConnectionTableList',
  tableName: 'connection_table_list',
  properties: {
    connectionId: p.uuid().primary(),
    side: p.text().$type<Side>().primary(),
    tables: p.json().$type<readonly ListedTable[]>(),
    /** When it was read from the system's metadata. */
    readAt: p.datetime(3),
  },
})

/** The tables that one of a connection's systems has. */
export class ConnectionTableList extends ConnectionTableListSchema.class {}
ConnectionTableListSchema.setClass(ConnectionTableList)
