import { z } from 'zod'
import type { ApiRequest } from '../../common/answer.js'
import type { Plan } from '../../common/executor.js'
import { principalOf } from '../../common/tokens.js'
import { DataverseError } from '../errors.js'
import type { Operation } from '../plan.js'
import type { DataverseTable } from '../tables.js'
import { DATAVERSE_TABLES } from '../tables.js'
import type { CallingUser } from './callers.js'
import { notAMember } from './callers.js'
import type { Privilege } from './privileges.js'
import { ACT_ON_BEHALF, PRIVILEGES, neededFor, privilegeName } from './privileges.js'
import type { Role } from './roles.js'
import { INTEGRATION_ROLE, PERSON_ROLE, ROLES, SYSTEM_ADMINISTRATOR, roleNamed } from './roles.js'

const roleName = z.enum(ROLES.map((role) => role.name) as [string, ...string[]])

export const permissionsSchema = z.strictObject({
  /** Whom it is about: a client id or a user name; Accord's client when it is left out. */
  principal: z.string().min(1).optional(),
  /** False: no user here belongs to the client. */
  member: z.boolean().optional(),
  roles: z.array(roleName).optional(),
  /** Roles held through the default team. */
  teamRoles: z.array(roleName).optional(),
  /** Privileges that the roles lack: `prvWriteAccount`. Each call replaces the list. */
  without: z
    .array(
      z.string().refine((name) => PRIVILEGES.some((privilege) => privilege.name === name), {
        message: 'is no privilege of the sandbox',
      }),
    )
    .optional(),
  /** Columns under column security that nobody allowed: `account.creditlimit`. Each call replaces the list. */
  securedColumns: z.array(z.string().refine(isColumn, { message: 'is no column of the sandbox' })).optional(),
})
export type PermissionChange = z.infer<typeof permissionsSchema>
export type Permissions = Required<Omit<PermissionChange, 'principal'>>

/** Access modes of users who may not work with the records of the business, or only look. */
const ADMINISTRATIVE = 1
const READ_ONLY = 2
const INTERACTIVE = 0

/** Tables that an administrative user may see. */
const OF_ADMINISTRATION = new Set([
  'systemusers',
  'teams',
  'businessunits',
  'organizations',
  'roles',
  'privileges',
  'sdkmessagefilters',
])

/** Who may do what, as far as switches took something away; at first everybody has every privilege. */
export class UserPermissions {
  private readonly changed = new Map<string, Permissions>()

  /** `applications`: the clients that are applications rather than persons. */
  constructor(private readonly applications: ReadonlySet<string>) {}

  change(principal: string, { principal: _principal, ...change }: PermissionChange): void {
    const key = principal.toLowerCase()
    this.changed.set(key, { ...this.of(key), ...change })
  }

  clear(): void {
    this.changed.clear()
  }

  report(): object {
    return Object.fromEntries(this.changed)
  }

  /** What the default team holds. */
  teamRoles(): string[] {
    return [...new Set([...this.changed.values()].flatMap((permissions) => permissions.teamRoles))]
  }

  of(principal: string): Permissions {
    const role = this.applications.has(principal) ? INTEGRATION_ROLE : PERSON_ROLE
    return (
      this.changed.get(principal) ?? {
        member: true,
        roles: [role],
        teamRoles: [],
        without: [],
        securedColumns: [],
      }
    )
  }

  /** Does anything have to be asked for this caller? The common answer is no. */
  isFree(request: ApiRequest, user: CallingUser): boolean {
    return (
      (this.changed.size === 0 &&
        user.accessMode !== ADMINISTRATIVE &&
        user.accessMode !== READ_ONLY &&
        (user.licensed || user.accessMode !== INTERACTIVE)) ||
      (request.headers['mscrmcallerid'] !== undefined && !this.changed.has(principalOf(request.caller)))
    )
  }

  /** Refuses a caller before its user is looked up. Throws DataverseError. */
  checkMember(request: ApiRequest): void {
    if (this.changed.size > 0 && !this.of(principalOf(request.caller)).member) throw notAMember()
  }

  /** Refuses a caller who may do nothing at all. Throws DataverseError. */
  checkCaller(request: ApiRequest, user: CallingUser): void {
    if (this.isFree(request, user)) return
    if (user.accessMode === INTERACTIVE && !user.licensed && request.headers['mscrmcallerid'] === undefined) {
      throw new DataverseError(
        403,
        '0x8004d24b',
        `The user with SystemUserId=${user.id} in OrganizationContext is not licensed, and its SystemUserAccessMode=${user.accessMode} is not either of (NonInteractive=4, SetupUser=1)`,
      )
    }
    if (this.rolesOf(principalOf(request.caller)).length === 0) {
      throw new DataverseError(
        403,
        '0x80042f09',
        `RetrievePrivilegeForUser: The user with id ${user.id} has not been assigned any roles. They need a role with the prvReadUserSettings privilege.`,
      )
    }
    if (
      request.headers['mscrmcallerid'] !== undefined &&
      !this.has(principalOf(request.caller), ACT_ON_BEHALF)
    )
      throw this.missing(request, user, ACT_ON_BEHALF)
  }

  /** Refuses a planned request for want of a privilege. `read`: the table that it reads. Throws DataverseError. */
  checkPlan(
    plan: Plan<Operation>,
    read: DataverseTable | null,
    request: ApiRequest,
    user: CallingUser,
  ): void {
    if (this.isFree(request, user)) return
    const principal = principalOf(request.caller)
    if (plan.kind === 'write' && user.accessMode === READ_ONLY) {
      throw new DataverseError(
        403,
        '0x80041d40',
        `The user with id ${user.id} has read-only access and may not change records.`,
      )
    }
    for (const [verb, table] of neededFor(plan, read)) {
      const outside = user.accessMode === ADMINISTRATIVE && !OF_ADMINISTRATION.has(table.name)
      const name = privilegeName(verb, table)
      if (outside || !this.has(principal, name)) throw this.missing(request, user, name)
    }
    this.checkColumns(plan, principal, user)
  }

  /** Columns of an entity that the caller may not see. */
  hiddenColumns(request: ApiRequest, entity: string): string[] {
    if (this.changed.size === 0) return []
    return this.of(principalOf(request.caller)).securedColumns.flatMap((name) =>
      name.startsWith(`${entity}.`) ? [name.slice(entity.length + 1)] : [],
    )
  }

  rolesOf(principal: string): Role[] {
    return [...new Set([...this.of(principal).roles, ...this.teamRoles()])].flatMap(
      (name) => roleNamed(name) ?? [],
    )
  }

  privilegesOf(principal: string): Privilege[] {
    return PRIVILEGES.filter(({ name }) => this.has(principal, name))
  }

  /** A system administrator has every privilege, whatever another role lacks. */
  private has(principal: string, privilege: string): boolean {
    const roles = this.rolesOf(principal)
    if (roles.length === 0) return false
    return (
      roles.some((role) => role.name === SYSTEM_ADMINISTRATOR) ||
      !this.of(principal).without.includes(privilege)
    )
  }

  private checkColumns(plan: Plan<Operation>, principal: string, user: CallingUser): void {
    const { securedColumns } = this.of(principal)
    if (plan.kind !== 'write' || securedColumns.length === 0) return
    const writes = plan.write.kind === 'bulk' ? plan.write.writes : [plan.write.write]
    for (const { table, body, kind } of writes) {
      const secured = Object.keys(body).find((name) => securedColumns.includes(`${table.entity}.${name}`))
      if (secured === undefined) continue
      throw new DataverseError(
        403,
        '0x8004f506',
        `Caller user with Id ${user.id} does not have ${kind === 'create' ? 'create' : 'update'} permissions for the '${secured}' attribute of the '${table.entity}' entity, which is secured by a column security profile.`,
      )
    }
  }

  private missing(request: ApiRequest, user: CallingUser, name: string): DataverseError {
    const principal = principalOf(request.caller)
    const privilege = PRIVILEGES.find((candidate) => candidate.name === name)
    const about =
      privilege?.table == null
        ? ''
        : ` on OTC=${privilege.table.objectTypeCode} for entity '${privilege.table.entity}' (LocalizedName='${privilege.table.caption}')`
    return new DataverseError(
      403,
      '0x80040220',
      `Principal user (Id=${user.id}, type=8, roleCount=${this.rolesOf(principal).length}, privilegeCount=${this.privilegesOf(principal).length}, accessMode=${user.accessMode}), is missing ${name} privilege (Id=${privilege?.id})${about}. context.Caller=${user.id}`,
    )
  }
}

function isColumn(name: string): boolean {
  const [entity, column] = name.split('.')
  return DATAVERSE_TABLES.some(
    (table) => table.entity === entity && table.columns.some((candidate) => candidate.name === column),
  )
}
