import { inTransaction } from '../in-transaction.js'
import { randomUUID } from 'node:crypto'
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import { AccessToken } from '../../persistence/entities/access-token.js'
import { findConnection } from '../connection/find-connection.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode, type InputProblem } from '../errors.js'
import { hashOf, newSecret, TOKEN_MARK } from '../sign-in/secrets.js'
import type { AccessTokenInput } from './access-token.type.js'

const LONGEST_NAME = 100
const MOST_DAYS = 3_650
const DAY = 86_400_000
/** Characters of a token that are shown: its mark, and as much as tells tokens apart. */
const SHOWN = TOKEN_MARK.length + 6

/** Makes a token. Throws BAD_USER_INPUT with every problem at once, NOT_FOUND. */
export async function createAccessToken(
  context: ApiContext,
  input: AccessTokenInput,
): Promise<{ readonly accessToken: AccessToken; readonly token: string }> {
  const name = input.name.trim()
  const days = input.expiresInDays ?? null
  const problems = problemsOf(name, days)
  if (problems.length > 0) throw badUserInput(problems)
  const connection = input.connection == null ? null : await findConnection(context.em, input.connection)
  const token = `${TOKEN_MARK}${newSecret()}`
  const now = new Date()
  const em = context.em.fork()
  const accessToken = em.create(AccessToken, {
    id: randomUUID(),
    name,
    role: input.role,
    connectionId: connection?.id ?? null,
    prefix: token.slice(0, SHOWN),
    hash: hashOf(token),
    createdAt: now,
    createdBy: context.principal.name,
    expiresAt: days === null ? null : new Date(now.getTime() + days * DAY),
  })
  try {
    await em.persist(accessToken).flush()
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    throw badUserInput([
      {
        argument: 'input.name',
        message: 'There is a token of that name. Revoke it, or choose another name.',
      },
    ])
  }
  context.audit.changed({
    kind: 'access token',
    id: accessToken.id,
    name,
    before: null,
    after: shown(accessToken),
  })
  return { accessToken, token }
}

/** Lets nobody in with it any more, from the next request on. Throws NOT_FOUND. */
export async function revokeAccessToken(context: ApiContext, id: string): Promise<AccessToken> {
  return inTransaction(context, async (em) => {
    const token = await em.findOne(AccessToken, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (token === null) throw apiError(ErrorCode.notFound, `There is no access token ${id}.`)
    if (token.revokedAt) return token
    const before = shown(token)
    token.revokedAt = new Date()
    token.revokedBy = context.principal.name
    await em.flush()
    context.audit.changed({ kind: 'access token', id, name: token.name, before, after: shown(token) })
    return token
  })
}

function problemsOf(name: string, days: number | null): readonly InputProblem[] {
  return [
    ...(name === '' || name.length > LONGEST_NAME || /\p{Cc}/u.test(name) || !name.isWellFormed()
      ? [{ argument: 'input.name', message: `Expected 1 to ${LONGEST_NAME} characters.` }]
      : []),
    ...(days !== null && (days < 1 || days > MOST_DAYS)
      ? [{ argument: 'input.expiresInDays', message: `Expected 1 to ${MOST_DAYS} days, got ${days}.` }]
      : []),
  ]
}

function shown({ name, role, connectionId, prefix, expiresAt, revokedAt }: AccessToken): object {
  return {
    name,
    role,
    connectionId: connectionId ?? null,
    prefix,
    expiresAt: expiresAt ?? null,
    revokedAt: revokedAt ?? null,
  }
}
