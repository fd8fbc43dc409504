import type { Failure } from '../../domain/failure.js'
import type { Finding } from '../../domain/finding.js'
import { claimsOf, examineClock, examineToken, type ExpectedToken } from './check-token.js'
import { attempt, findingOfFailure } from './find-failure.js'
import type { ServiceClient } from './service-client.js'
import { translateTransportError } from './transport-failures.js'
import { TransportError } from './transport.js'

/** Where a check stands when somebody has tried to sign in. */
export interface SignInCheck<Answer> {
  readonly findings: readonly Finding[]
  /** Of the first call with the token; null: there is no going on. */
  readonly answer: Answer | null
}

/**
 * The first steps of a check: the way to both hosts, the token, what it says, and the cheapest call there is. What the token
 * says is told only where that call is refused: then it tells why.
 */
export async function checkSignIn<Answer>(
  client: ServiceClient,
  expected: ExpectedToken,
  firstCall: () => Promise<Answer>,
): Promise<SignInCheck<Answer>> {
  // A token that was made while all was well would hide what has happened since.
  const signedIn = await attempt(() => client.newToken())
  if ('failure' in signedIn) {
    const way = await checkWay(client)
    return { findings: [findingOfFailure(signedIn.failure), ...way], answer: null }
  }
  const claims = claimsOf(signedIn.result)
  const clock = claims === null ? [] : examineClock(claims, client.now())
  const called = await attempt(firstCall)
  if ('result' in called) return { findings: clock, answer: called.result }
  const isRefused = [401, 403].includes(called.failure.status ?? 0)
  const reasons = isRefused && claims !== null ? examineToken(claims, expected) : []
  return { findings: [...clock, ...reasons, ...unlessExplained(called.failure, reasons)], answer: null }
}

function unlessExplained(failure: Failure, reasons: readonly Finding[]): readonly Finding[] {
  return failure.status === 401 && reasons.length > 0 ? [] : [findingOfFailure(failure)]
}

/** Whether the service can be reached at all. Any answer will do: without a token it is a refusal. */
async function checkWay(client: ServiceClient): Promise<readonly Finding[]> {
  try {
    await client.approach(
      { method: 'GET', url: client.url, headers: { accept: 'application/json' } },
      client.requestTimeout,
    )
    return []
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    return [findingOfFailure(translateTransportError(error, client.system, client.url).failure)]
  }
}
