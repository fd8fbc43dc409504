import type { Answer } from '../common/answer.js'
import { answerError, entityChanged, errorAnswer } from './errors.js'

const FAULT_CODES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['Authentication_InvalidCredentials', 'The server has rejected the client credentials.'],
  403: [
    'Internal_ServerError',
    'Sorry, the current permissions prevented the action. (TableData 18 Customer Modify: Base Application)',
  ],
  429: ['Application_TooManyRequests', 'Too many requests reached. Actual (101). Maximum (100).'],
  503: ['Internal_TenantUnavailable', 'The tenant is not available.'],
}

function faultAnswer(status: number, code: string | undefined, message: string | undefined): Answer {
  const [usualCode, usualMessage] = FAULT_CODES[status] ?? [
    'Unknown',
    `The sandbox was told to answer ${status}.`,
  ]
  return errorAnswer(status, code ?? usualCode, message ?? usualMessage)
}

/** How faults are worded. There are no delta tokens here that could expire. */
export const WORDS = {
  faultAnswer,
  staleAnswer: () => answerError(entityChanged()),
  expiredTokenAnswer: () => faultAnswer(400, undefined, undefined),
}
