import { Side } from '../../domain/value.js'
import type { Connection } from '../../persistence/entities/connection.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { SecretKind, type Settings } from './settings-keeper.js'

/**
 * A reference (env:NAME, file:PATH) is read by Accord, wherever it points to, and sent to the address that stands beside it. Throws FORBIDDEN
 * where a token for one connection brings one that was not there: it may be the secret of somebody else.
 */
export function assertOwnReferences(
  { principal, settingsKeeper }: Pick<ApiContext, 'principal' | 'settingsKeeper'>,
  before: Connection,
  wanted: Readonly<Partial<Record<Side, Settings | null>>>,
): void {
  if (principal.connectionId === null) return
  const referencesOf = (settings: Settings) =>
    settingsKeeper
      .secrets(settings)
      .filter(({ kind }) => kind === SecretKind.environment || kind === SecretKind.file)
  const members = Object.values(Side).flatMap((side) => {
    const own = referencesOf((side === Side.local ? before.localSystem : before.integrationSystem).settings)
    return referencesOf(wanted[side] ?? {})
      .filter(({ member, held }) => !own.some((known) => known.member === member && known.held === held))
      .map(({ member }) => `${side}.${member}`)
  })
  if (members.length === 0) return
  const remedy =
    'Enter the secret itself, which is kept encrypted, or have somebody set the reference who may use all connections.'
  throw apiError(
    ErrorCode.forbidden,
    `${principal.name} is a token for one connection, and env:NAME and file:PATH may lead to secrets of others: ${members.join(', ')}. ${remedy}`,
    { members, remedy },
  )
}
