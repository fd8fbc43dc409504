import type { ApiRequest } from '../../common/answer.js'
import type { Database } from '../../common/database.js'
import { principalOf } from '../../common/tokens.js'
import { DataverseError } from '../errors.js'

/** A system user behind requests. */
export interface CallingUser {
  readonly id: string
  readonly licensed: boolean
  /** As in the column `accessmode`. */
  readonly accessMode: number
}

/** The system users behind requests. */
export class Callers {
  private readonly known = new Map<string, CallingUser>()

  constructor(private readonly database: Database) {}

  /**
   * The system user of a caller, or the one it acts for. Throws 403 when the caller has no user here or the user is
   * disabled, 400 when there is no such user to act for.
   */
  async userOf(request: ApiRequest): Promise<CallingUser> {
    const key = keyOf(request)
    const user = this.known.get(key) ?? (await findUser(this.database, request))
    this.known.set(key, user)
    return user
  }

  /** The user of a request that was let in; undefined when users have changed since. */
  knownUserOf(request: ApiRequest): CallingUser | undefined {
    return this.known.get(keyOf(request)) ?? this.known.get(`caller ${principalOf(request.caller)}`)
  }

  /** To be called when users have changed. */
  forget(): void {
    this.known.clear()
  }
}

function keyOf(request: ApiRequest): string {
  const impersonated = request.headers['mscrmcallerid']?.toLowerCase()
  return impersonated === undefined ? `caller ${principalOf(request.caller)}` : `user ${impersonated}`
}

async function findUser(database: Database, request: ApiRequest): Promise<CallingUser> {
  const impersonated = request.headers['mscrmcallerid']?.toLowerCase()
  const { caller } = request
  const [column, value] =
    impersonated !== undefined
      ? ['systemuserid::text', impersonated]
      : caller.username !== null
        ? ['lower(domainname)', caller.username.toLowerCase()]
        : ['applicationid::text', caller.clientId.toLowerCase()]
  const { rows } = await database.query<{ id: string; disabled: string; licensed: string; mode: string }>(
    `select systemuserid::text as id, isdisabled as disabled, islicensed as licensed, accessmode as mode from systemusers
      where ${column} = $1 order by createdon, systemuserid limit 1`,
    [value],
  )
  const user = rows[0]
  if (user === undefined) {
    if (impersonated !== undefined)
      throw new DataverseError(400, '0x80041d1f', `The user Id(s) [${impersonated}] is invalid.`)
    throw notAMember()
  }
  if (user.disabled === 't') {
    throw new DataverseError(
      403,
      '0x80040225',
      'The specified user is either disabled or is not a member of any business unit.',
    )
  }
  return { id: user.id, licensed: user.licensed === 't', accessMode: Number(user.mode) }
}

export function notAMember(): DataverseError {
  return new DataverseError(403, '0x80072560', 'The user is not a member of the organization.')
}
