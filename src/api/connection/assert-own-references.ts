import { Side } from '../../domain/value.js'
import type { Connection } from '../../persistence/entities/connection.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { changedAddresses, withoutSecrets } from './plan-system.js'
import { valueAt } from './setting-paths.js'
import { SecretKind, type HeldSecret, type Settings, type SettingsKeeper } from './settings-keeper.js'

const REMEDY =
  'Enter the secret itself, which is kept encrypted, or have somebody make the change who may use all connections.'

/**
 * A reference (env:NAME, file:PATH) is read by Accord, wherever it points to, and sent to the address that stands beside it. Throws FORBIDDEN
 * where a token for one connection brings one that was not there, or has one that stays sent elsewhere: it may be the secret of somebody else.
 */
export function assertOwnReferences(
  { principal, settingsKeeper }: Pick<ApiContext, 'principal' | 'settingsKeeper'>,
  before: Connection,
  wanted: Readonly<Partial<Record<Side, Settings | null>>>,
): void {
  if (principal.connectionId === null) return
  const members = Object.values(Side).flatMap((side) => {
    const system = side === Side.local ? before.localSystem : before.integrationSystem
    const asked = wanted[side] ?? null
    return asked === null
      ? []
      : foreignReferences(settingsKeeper, system.settings, asked).map((member) => `${side}.${member}`)
  })
  if (members.length === 0) return
  throw apiError(
    ErrorCode.forbidden,
    `${principal.name} is a token for one connection, and env:NAME and file:PATH may lead to secrets of others. It neither brings new ones nor sends those that are there to another address: ${members.join(', ')}. ${REMEDY}`,
    { members, remedy: REMEDY },
  )
}

/** Members with references that are new, or that go elsewhere. */
function foreignReferences(keeper: SettingsKeeper, before: Settings, asked: Settings): readonly string[] {
  const own = referencesOf(keeper, before)
  const brought = referencesOf(keeper, asked).filter(
    ({ member, held }) => !own.some((known) => known.member === member && known.held === held),
  )
  const isRedirected =
    changedAddresses(withoutSecrets(keeper, before), withoutSecrets(keeper, asked)).length > 0
  const stay = own.filter(({ member, held }) => [undefined, held].includes(valueAt(asked, member) as string))
  return [...brought, ...(isRedirected ? stay : [])].map(({ member }) => member)
}

function referencesOf(keeper: SettingsKeeper, settings: Settings): readonly HeldSecret[] {
  return keeper
    .secrets(settings)
    .filter(({ kind }) => kind === SecretKind.environment || kind === SecretKind.file)
}
