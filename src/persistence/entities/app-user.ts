import { defineEntity, p } from '@mikro-orm/core'
import type { Role } from '../../domain/role.js'

const AppUserSchema = defineEntity({
  name: 'AppUser',
  tableName: 'app_user',
  properties: {
    id: p.uuid().primary(),
    issuer: p.text(),
    subject: p.text(),
    name: p.text(),
    email: p.text().nullable(),
    isEmailVerified: p.boolean(),
    /** What the provider's claims said last; null: nothing. */
    claimedRole: p.text().$type<Role>().nullable(),
    /** When the provider said something about the role last, to the minute. */
    roleToldAt: p.datetime(3),
    /** What an administrator said, which counts more. */
    givenRole: p.text().$type<Role>().nullable(),
    disabledAt: p.datetime(3).nullable(),
    disabledBy: p.text().nullable(),
    /** Rises with every change by an administrator. */
    version: p.integer(),
    createdAt: p.datetime(3),
    /** To the minute. */
    lastSeenAt: p.datetime(3),
  },
})

/** A person, or a program, whom the provider of sign-in knows. */
export class AppUser extends AppUserSchema.class {}
AppUserSchema.setClass(AppUser)
