import type { ApiRequest } from '../common/answer.js'
import type { Database } from '../common/database.js'
import { DataverseError } from './errors.js'

/** The system users behind requests. */
export class Callers {
  private readonly known = new Map<string, string>()

  constructor(private readonly database: Database) {}

  /**
   * The system user of a client, or the one it acts for. Throws 403 when the client has no application user or the user is
   * disabled, 400 when there is no such user to act for.
   */
  async userOf(request: ApiRequest): Promise<string> {
    const impersonated = request.headers['mscrmcallerid']?.toLowerCase()
    const client = request.clientId.toLowerCase()
    const key = impersonated === undefined ? `client ${client}` : `user ${impersonated}`
    const id = this.known.get(key) ?? (await findUser(this.database, client, impersonated))
    this.known.set(key, id)
    return id
  }

  /** To be called when users have changed. */
  forget(): void {
    this.known.clear()
  }
}

async function findUser(
  database: Database,
  clientId: string,
  impersonated: string | undefined,
): Promise<string> {
  const { rows } = await database.query<{ id: string; disabled: string }>(
    `select systemuserid::text as id, isdisabled as disabled from systemusers
      where ${impersonated === undefined ? 'applicationid' : 'systemuserid'}::text = $1`,
    [impersonated ?? clientId],
  )
  const user = rows[0]
  if (user === undefined) {
    if (impersonated !== undefined)
      throw new DataverseError(400, '0x80041d1f', `The user Id(s) [${impersonated}] is invalid.`)
    throw new DataverseError(403, '0x80072560', 'The user is not a member of the organization.')
  }
  if (user.disabled === 't') {
    throw new DataverseError(
      403,
      '0x80040225',
      'The specified user is either disabled or is not a member of any business unit.',
    )
  }
  return user.id
}
