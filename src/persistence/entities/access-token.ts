import { defineEntity, p } from '@mikro-orm/core'
import type { Role } from '../../domain/role.js'

const AccessTokenSchema = defineEntity({
  name: 'AccessToken',
  tableName: 'access_token',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    role: p.text().$type<Role>(),
    /** The only connection that it may be used for; null: all. */
    connectionId: p.uuid().nullable(),
    /** Its beginning, for people to tell tokens apart. */
    prefix: p.text(),
    /** SHA-256, hexadecimal. The token itself is nowhere. */
    hash: p.text().hidden(),
    createdAt: p.datetime(3),
    createdBy: p.text(),
    expiresAt: p.datetime(3).nullable(),
    /** To the minute. */
    lastUsedAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    revokedBy: p.text().nullable(),
  },
})

/** What a program signs in with. */
export class AccessToken extends AccessTokenSchema.class {}
AccessTokenSchema.setClass(AccessToken)
