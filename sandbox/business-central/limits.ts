import type { Answer } from '../common/answer.js'
import type { Excess, LimitSettings } from '../common/limits.js'
import { errorAnswer } from './errors.js'

/** Operational limits per user; an application counts as one. */
export const DOCUMENTED_LIMITS: LimitSettings = {
  windowSeconds: 300,
  requests: 6000,
  executionSeconds: null,
  concurrent: 5,
  queued: 95,
  queueSeconds: 480,
  millisecondsPerRowWritten: 30,
  millisecondsPerRowRead: 1,
  millisecondsPerCall: 0,
  tariffFactor: 1,
}

/** 429 without Retry-After, of which nothing is documented; 503 for who waited too long. */
export function limitAnswer(excess: Excess): Answer {
  switch (excess) {
    case 'requests':
      return errorAnswer(
        429,
        'Application_TooManyRequests',
        'Too many requests reached. Actual (6001). Maximum (6000).',
      )
    case 'concurrent':
    case 'execution':
      return errorAnswer(
        429,
        'Application_TooManyRequests',
        'Too many requests reached. Actual (101). Maximum (100).',
      )
    case 'queueTimeout':
      return errorAnswer(503, 'Internal_TenantUnavailable', 'The request waited too long for its turn.')
  }
}
