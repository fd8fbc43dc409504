import type { EntityManager } from '@mikro-orm/postgresql'
import { belongTo, connectionName } from '../../persistence/queries/connection-of.js'
import { apiError, ErrorCode } from '../errors.js'
import { isId } from '../identifiers.js'
import type { Principal } from './principal.js'
import { SCOPED_FIELDS } from './scoped-fields.js'

type Arguments = Readonly<Record<string, unknown>>

/** Throws FORBIDDEN where a token for one connection asks for something else, or does not say that it asks for that one. */
export async function assertInScope(
  em: EntityManager,
  principal: Principal,
  connectionId: string,
  fieldName: string,
  given: Arguments,
): Promise<void> {
  const name = await connectionName(em, connectionId)
  if (name !== null && (await isInScope(em, { id: connectionId, name }, fieldName, given))) return
  throw apiError(
    ErrorCode.forbidden,
    `${principal.name} is a token for the connection ${name ?? ''} alone. ${fieldName} has to name that connection, or ids of what belongs to it; what is about all connections is not for this token. An administrator makes others.`,
    { connection: name },
  )
}

async function isInScope(
  em: EntityManager,
  scope: { readonly id: string; readonly name: string },
  fieldName: string,
  given: Arguments,
): Promise<boolean> {
  const field = Object.hasOwn(SCOPED_FIELDS, fieldName) ? SCOPED_FIELDS[fieldName] : undefined
  if (field === undefined) return false
  const { connection, ids: paths } = field
  if (connection !== undefined && at(given, connection) !== scope.name) return false
  if (paths === undefined) return true
  const ids = paths.flatMap((path) => textsOf(at(given, path)))
  if (ids.length === 0) return connection !== undefined
  return ids.every((id) => isId(id)) && belongTo(em, scope.id, ids)
}

function at(given: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Arguments)[name]
          : undefined,
      given,
    )
}

function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map((item) =>
    String(typeof item === 'object' && item !== null ? at(item, 'id') : item),
  )
}
