import type { Answer } from '../common/answer.js'
import { answerError, errorAnswer, expiredVersion, versionMismatch } from './errors.js'

const FAULT_CODES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['0x8004a101', 'The authentication ticket has expired.'],
  403: [
    '0x80040220',
    `Principal user (Id=00000000-0000-0000-0000-000000000000, type=8, roleCount=1, privilegeCount=10, accessMode=4), is missing prvWriteAccount privilege (Id=44a2ed35-d8d3-4e1a-8c4e-5b6f8e0a1f3b) on OTC=1 for entity 'account'.`,
  ],
  429: ['0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'],
  503: ['0x80044150', 'Generic SQL error.'],
}

function faultAnswer(status: number, code: string | undefined, message: string | undefined): Answer {
  const [usualCode, usualMessage] = FAULT_CODES[status] ?? [
    '0x80040216',
    `The sandbox was told to answer ${status}.`,
  ]
  return errorAnswer(status, code ?? usualCode, message ?? usualMessage)
}

/** How faults are worded. */
export const WORDS = {
  faultAnswer,
  staleAnswer: () => answerError(versionMismatch()),
  expiredTokenAnswer: () => answerError(expiredVersion()),
}
