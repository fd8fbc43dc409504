import { defineEntity, p } from '@mikro-orm/core'
import type { Finding } from '../../domain/finding.js'

const ConnectionCheckSchema = defineEntity({
  name: 'ConnectionCheck',
  tableName: 'connection_check',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    requestedBy: p.text(),
    checkedAt: p.datetime(3),
    /** In the order in which they were found: what hides others comes first. */
    findings: p.json().$type<readonly Finding[]>(),
  },
})

/** What a check of a connection found. */
export class ConnectionCheck extends ConnectionCheckSchema.class {}
ConnectionCheckSchema.setClass(ConnectionCheck)
