import { createHash } from 'node:crypto'
import type { MiddlewareFn } from 'type-graphql'
import {
  claimKey,
  finishKey,
  keepKeyAlive,
  releaseKey,
  type KeyedRequest,
} from '../../persistence/idempotency-keys.js'
import { storable } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, echo, ErrorCode, hasBegun } from '../errors.js'
import { GraphQLError } from '../graphql.js'
import { principalKey } from '../sign-in/principal.js'
import { keepResult, resultOf } from './keep-result.js'

export const KEY_ARGUMENT = 'key'
const LONGEST_KEY = 200
/** Milliseconds between two looks at what another request is doing, and between two signs of life of one's own. */
const LOOK = 100
const SIGN_OF_LIFE = 5_000

/**
 * Carries out what is asked for under a key once, however often it is asked for: the others wait for the first, and are answered with what it
 * has started. Without a key it is carried out each time. Throws BAD_USER_INPUT, KEY_USED_OTHERWISE, KEY_OUTCOME_UNKNOWN.
 */
export const onceUnderKey: MiddlewareFn<ApiContext> = async ({ context, args, info }, next) => {
  const { [KEY_ARGUMENT]: key, ...given } = args as Readonly<Record<string, unknown>>
  if (typeof key !== 'string') return (await next()) as unknown
  if (key.trim() === '' || key.length > LONGEST_KEY || storable(key) !== key) {
    const message = `Expected 1 to ${LONGEST_KEY} characters, got ${echo(key)}.`
    throw badUserInput([{ argument: KEY_ARGUMENT, message }])
  }
  const asked: KeyedRequest = {
    principal: principalKey(context.principal),
    key,
    mutation: info.fieldName,
    request: createHash('sha256').update(inOneOrder(given)).digest('hex'),
  }
  for (;;) {
    const claimed = await claimKey(context.em.fork(), asked)
    switch (claimed.kind) {
      case 'NEW':
        return carryOut(context, asked, next)
      case 'DONE':
        return told(await resultOf(context.em.fork(), claimed.result))
      case 'OTHER':
        throw apiError(
          ErrorCode.keyUsedOtherwise,
          `The key ${echo(key)} stands for ${claimed.mutation === asked.mutation ? 'other arguments' : `a call of ${claimed.mutation}`}. Take another key.`,
        )
      case 'UNKNOWN':
        throw apiError(
          ErrorCode.keyOutcomeUnknown,
          `What was asked for under the key ${echo(key)} did not come to an end that is known. Look whether it has begun; to ask for it again, take another key.`,
        )
      case 'RUNNING':
        await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }
}

async function carryOut(
  { em, logger }: ApiContext,
  asked: KeyedRequest,
  next: () => Promise<unknown>,
): Promise<unknown> {
  const sign = setInterval(() => {
    keepKeyAlive(em.fork(), asked).catch((error: unknown) =>
      logger.warn({ err: error, mutation: asked.mutation }, 'A key could not be kept alive'),
    )
  }, SIGN_OF_LIFE)
  try {
    const result = await next()
    await finishKey(em.fork(), asked, keepResult(em, result))
    return result
  } catch (error) {
    // What is refused has begun nothing, and may be asked for again; of anything else nobody can tell.
    if (error instanceof GraphQLError && !hasBegun(error)) await releaseKey(em.fork(), asked)
    else await finishKey(em.fork(), asked, undefined)
    throw error
  } finally {
    clearInterval(sign)
  }
}

function told(result: unknown): unknown {
  if (result !== null) return result
  throw apiError(ErrorCode.notFound, 'What was started under this key has been deleted since.')
}

/** The same text for the same arguments, in whatever order they came. An argument that is null may as well be left out. */
function inOneOrder(given: Readonly<Record<string, unknown>>): string {
  const asked = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
  return JSON.stringify(asked, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
}
