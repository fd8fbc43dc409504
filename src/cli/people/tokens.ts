import type { Config } from '../../config.js'
import type { Role } from '../../domain/role.js'
import { callApi, findApi, type ApiAddress } from '../api-client.js'
import { ExpectedError } from '../exit-codes.js'
import { formatTable, printLine } from '../output.js'

interface Token {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly prefix: string
  readonly createdBy: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
  readonly connection: { readonly name: string } | null
}

const SHOWN = 'id name role prefix createdBy expiresAt lastUsedAt revokedAt connection { name }'

/** @throws ExpectedError */
export async function runTokensList(
  config: Config,
  options: { readonly all: boolean; readonly json: boolean },
): Promise<void> {
  const tokens = await fetchTokens(await findApi(config), options.all)
  if (options.json) printLine(JSON.stringify(tokens, null, 2))
  else if (tokens.length === 0) printLine('There is no access token yet: accord tokens create --help')
  else
    for (const line of formatTable([
      ['Token', 'Role', 'Begins with', 'Connection', 'Made by', 'Until', 'Last used'],
      ...tokens.map((token) => [
        token.name,
        token.role.toLowerCase(),
        token.prefix,
        token.connection?.name ?? 'all',
        token.createdBy,
        token.revokedAt === null ? (token.expiresAt ?? 'without end') : `revoked ${token.revokedAt}`,
        token.lastUsedAt ?? 'never',
      ]),
    ]))
      printLine(line)
}

/** The token alone goes to the output, for scripts; what is to be known of it goes beside. @throws ExpectedError */
export async function runTokensCreate(
  config: Config,
  name: string,
  options: {
    readonly role: Role
    readonly connection: string | null
    readonly days: number | null
    readonly json: boolean
  },
): Promise<void> {
  const { createAccessToken: made } = await callApi<{
    createAccessToken: { readonly token: string; readonly accessToken: Token }
  }>(
    await findApi(config),
    `mutation CreateToken($input: AccessTokenInput!) { createAccessToken(input: $input) { token accessToken { ${SHOWN} } } }`,
    {
      input: { name, role: options.role, connection: options.connection, expiresInDays: options.days },
    },
  )
  if (options.json) printLine(JSON.stringify({ ...made.accessToken, token: made.token }, null, 2))
  else {
    printLine(made.token)
    process.stderr.write('Keep it now: it is not shown again.\n')
  }
}

/** @throws ExpectedError */
export async function runTokensRevoke(config: Config, name: string): Promise<void> {
  const api = await findApi(config)
  const tokens = await fetchTokens(api, false)
  const token = tokens.find((one) => one.name === name)
  if (token === undefined) {
    const names = tokens.map((one) => one.name).join(', ') || 'none'
    throw new ExpectedError(`There is no access token ${JSON.stringify(name)}. Tokens: ${names}.`)
  }
  await callApi(api, 'mutation RevokeToken($id: ID!) { revokeAccessToken(id: $id) { id } }', { id: token.id })
  printLine(`${token.name} lets nobody in any more.`)
}

async function fetchTokens(api: ApiAddress, includeEnded: boolean): Promise<readonly Token[]> {
  const { accessTokens } = await callApi<{ accessTokens: readonly Token[] }>(
    api,
    `query Tokens($includeEnded: Boolean!) { accessTokens(includeEnded: $includeEnded) { ${SHOWN} } }`,
    { includeEnded },
  )
  return accessTokens
}
