import { inTransaction } from '../in-transaction.js'
import { LockMode } from '@mikro-orm/postgresql'
import type { Role } from '../../domain/role.js'
import { AppUser } from '../../persistence/entities/app-user.js'
import { endSessionsOf } from '../../persistence/sessions.js'
import { addTicket, TicketKind } from '../../persistence/tickets.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { PrincipalKind } from '../sign-in/principal.js'
import { assertSeenVersion } from '../seen-version.js'
import { LINK_PATH } from '../sign-in/routes.js'
import { hashOf, newSecret } from '../sign-in/secrets.js'
import type { SignInLinkType } from './user.type.js'

/** Minutes in which a sign-in link is to be followed. */
const LINK_MINUTES = 10

/** Somebody, and the version of him that was looked at; null: whatever it is. */
export interface SeenUser {
  readonly id: string
  readonly version: number | null
}

/** Gives somebody a role, whatever the provider says; null: what it says counts again. Throws NOT_FOUND, CONFLICTING_STATE. */
export function setUserRole(context: ApiContext, seen: SeenUser, role: Role | null): Promise<AppUser> {
  return change(context, seen, (user) => {
    user.givenRole = role
  })
}

/** Lets somebody in no more, from the next request on. Throws NOT_FOUND, CONFLICTING_STATE. */
export function disableUser(context: ApiContext, seen: SeenUser): Promise<AppUser> {
  return change(context, seen, (user) => {
    user.disabledAt ??= new Date()
    user.disabledBy ??= context.principal.name
  })
}

/** Lets somebody sign in again. Throws NOT_FOUND, CONFLICTING_STATE. */
export function enableUser(context: ApiContext, seen: SeenUser): Promise<AppUser> {
  return change(context, seen, (user) => {
    user.disabledAt = null
    user.disabledBy = null
  })
}

/**
 * Makes a link that signs the administrator of this machine in. Throws FORBIDDEN to everybody but him: nobody else becomes him by it.
 */
export async function createSignInLink({ principal, em, pathPrefix }: ApiContext): Promise<SignInLinkType> {
  if (principal.kind !== PrincipalKind.local) {
    throw apiError(
      ErrorCode.forbidden,
      'A sign-in link is made with the token of the machine that Accord runs on: npx accord sign-in.',
    )
  }
  const secret = newSecret()
  const nothing = { nonce: null, codeVerifier: null, returnTo: null }
  const expiresAt = await addTicket(em.fork(), TicketKind.link, hashOf(secret), LINK_MINUTES, nothing)
  return { path: `${pathPrefix}${LINK_PATH}?ticket=${secret}`, expiresAt }
}

async function change(
  context: ApiContext,
  { id, version }: SeenUser,
  edit: (user: AppUser) => void,
): Promise<AppUser> {
  return inTransaction(context, async (em) => {
    const user = await em.findOne(AppUser, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (user === null) throw apiError(ErrorCode.notFound, `There is no user ${id}.`)
    assertSeenVersion(user, version)
    const before = shown(user)
    edit(user)
    user.version += 1
    await em.flush()
    if (user.disabledAt) await endSessionsOf(em, id)
    context.audit.changed({ kind: 'user', id, name: user.name, before, after: shown(user) })
    return user
  })
}

function shown({ name, email, claimedRole, givenRole, disabledAt, disabledBy }: AppUser): object {
  return {
    name,
    email: email ?? null,
    claimedRole: claimedRole ?? null,
    givenRole: givenRole ?? null,
    disabledAt: disabledAt ?? null,
    disabledBy: disabledBy ?? null,
  }
}
