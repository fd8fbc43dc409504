import type { Config } from '../../config.js'
import type { Role } from '../../domain/role.js'
import { callApi, findApi, type ApiAddress } from '../api-client.js'
import { ExpectedError } from '../exit-codes.js'
import { formatTable, printLine } from '../output.js'

interface User {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly isEmailVerified: boolean
  readonly issuer: string
  readonly role: Role | null
  readonly givenRole: Role | null
  readonly disabledAt: string | null
  readonly disabledBy: string | null
  readonly lastSeenAt: string
  readonly version: number
}

const SHOWN = 'id name email isEmailVerified issuer role givenRole disabledAt disabledBy lastSeenAt version'

/** @throws ExpectedError */
export async function runUsersList(config: Config, options: { readonly json: boolean }): Promise<void> {
  const users = await fetchUsers(await findApi(config))
  if (options.json) printLine(JSON.stringify(users, null, 2))
  else if (users.length === 0) printLine('Nobody has signed in at a provider yet: docs/sign-in.md')
  else
    for (const line of formatTable([
      ['User', 'E-mail', 'Role', 'Given by', 'Last seen', 'Id'],
      ...users.map((user) => [
        user.name,
        user.email === null || user.isEmailVerified ? (user.email ?? '') : `${user.email} (not verified)`,
        user.disabledAt === null
          ? (user.role?.toLowerCase() ?? 'none')
          : `disabled by ${user.disabledBy ?? ''}`,
        user.givenRole === null ? 'the provider' : 'an administrator',
        user.lastSeenAt,
        user.id,
      ]),
    ]))
      printLine(line)
}

/** @throws ExpectedError */
export async function runUsersRole(config: Config, who: string, role: Role | null): Promise<void> {
  const api = await findApi(config)
  const { id, version } = await findUser(api, who)
  const { setUserRole: user } = await callApi<{ setUserRole: User }>(
    api,
    `mutation GiveRole($id: ID!, $role: Role, $version: Int) { setUserRole(id: $id, role: $role, version: $version) { ${SHOWN} } }`,
    { id, role, version },
  )
  printLine(`${user.name} has ${user.role === null ? 'no role' : `the role ${user.role.toLowerCase()}`}.`)
}

/** @throws ExpectedError */
export async function runUsersDisable(config: Config, who: string): Promise<void> {
  const api = await findApi(config)
  const { id, name } = await findUser(api, who)
  await callApi(api, 'mutation Disable($id: ID!) { disableUser(id: $id) { id } }', { id })
  printLine(`${name} is let in no more.`)
}

/** @throws ExpectedError */
export async function runUsersEnable(config: Config, who: string): Promise<void> {
  const api = await findApi(config)
  const { id, name } = await findUser(api, who)
  await callApi(api, 'mutation Enable($id: ID!) { enableUser(id: $id) { id } }', { id })
  printLine(`${name} may sign in again.`)
}

/**
 * By id, or by an e-mail that the provider vouches for: names, and e-mails that nobody has verified, people may choose for themselves. Throws
 * ExpectedError where nobody is known so, or several are.
 */
async function findUser(api: ApiAddress, who: string): Promise<User> {
  const users = await fetchUsers(api)
  const byId = users.find(({ id }) => id === who)
  if (byId !== undefined) return byId
  const asked = JSON.stringify(who)
  const found = users.filter(({ email, isEmailVerified }) => isEmailVerified && isSame(email, who))
  const [user] = found
  if (user === undefined) {
    const alike = users.filter(({ email, name }) => isSame(email, who) || name === who)
    throw new ExpectedError(
      alike.length === 0
        ? `Nobody has the id or the e-mail ${asked}: accord users list`
        : `The provider of sign-in does not vouch that ${asked} is theirs; name one by id: ${told(alike)}`,
    )
  }
  if (found.length > 1)
    throw new ExpectedError(`Several have the e-mail ${asked}; name one by id: ${told(found)}`)
  return user
}

function isSame(email: string | null, who: string): boolean {
  return email !== null && email.toLowerCase() === who.toLowerCase()
}

function told(users: readonly User[]): string {
  return users.map(({ id, name, issuer }) => `${id} (${name}, ${issuer})`).join(', ')
}

async function fetchUsers(api: ApiAddress): Promise<readonly User[]> {
  const all: User[] = []
  let after: string | null = null
  do {
    const { users }: Users = await callApi<Users>(
      api,
      `query Users($after: String) { users(first: 500, after: $after) { nodes { ${SHOWN} } pageInfo { hasNextPage endCursor } } }`,
      { after },
    )
    all.push(...users.nodes)
    after = users.pageInfo.hasNextPage ? users.pageInfo.endCursor : null
  } while (after !== null)
  return all
}

interface Users {
  readonly users: {
    readonly nodes: readonly User[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}
