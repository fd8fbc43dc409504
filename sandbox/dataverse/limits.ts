import type { Answer } from '../common/answer.js'
import type { Excess, LimitSettings, Permit } from '../common/limits.js'
import { errorAnswer } from './errors.js'

/** Service protection limits per user and web server; there is one web server. */
export const DOCUMENTED_LIMITS: LimitSettings = {
  windowSeconds: 300,
  requests: 6000,
  executionSeconds: 1200,
  concurrent: 52,
  queued: 0,
  queueSeconds: 480,
  millisecondsPerRowWritten: 30,
  millisecondsPerRowRead: 1,
  millisecondsPerCall: 0,
  tariffFactor: 1,
}

export function limitAnswer(excess: Excess, retryAfter: number): Answer {
  const [code, message] = WORDS[excess]
  const answer = errorAnswer(429, code, message)
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
}

const WORDS: Readonly<Record<Excess, readonly [code: string, message: string]>> = {
  requests: ['0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'],
  execution: [
    '0x80072321',
    'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
  ],
  concurrent: ['0x80072326', 'Number of concurrent requests exceeded the limit of 52.'],
  queueTimeout: ['0x80072326', 'Number of concurrent requests exceeded the limit of 52.'],
}

/** What is left of the budgets. The execution time has thousands separators, as the service writes it. */
export function limitHeaders(permit: Permit): Record<string, string> {
  const { requests, executionSeconds } = permit.remaining()
  return {
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(requests),
    ...(executionSeconds === null
      ? {}
      : { 'x-ms-ratelimit-time-remaining-xrm-requests': SECONDS.format(executionSeconds) }),
  }
}

const SECONDS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
