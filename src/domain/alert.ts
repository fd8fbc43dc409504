import { assertNever } from './value.js'

/** What an alert is raised for. */
export const AlertRuleKind = {
  /** The last run of a mapping failed as a whole. */
  runFailed: 'RUN_FAILED',
  /** More than `threshold` errors of a mapping were seen in `minutes`. */
  errorsOver: 'ERRORS_OVER',
  /** No run of a mapping has completed for `minutes`. */
  noSuccess: 'NO_SUCCESS',
  /** A limit of a system is used up to `threshold` percent, or the system has asked to be left alone. */
  budgetUsed: 'BUDGET_USED',
  /** More deletions at once than a mapping lets pass wait for a person. */
  deletionsWait: 'DELETIONS_WAIT',
} as const
export type AlertRuleKind = (typeof AlertRuleKind)[keyof typeof AlertRuleKind]

export const AlertChannelKind = { webhook: 'WEBHOOK', slack: 'SLACK', email: 'EMAIL' } as const
export type AlertChannelKind = (typeof AlertChannelKind)[keyof typeof AlertChannelKind]

/** How an SMTP server is spoken to. */
export const MailSecurity = { none: 'NONE', startTls: 'STARTTLS', tls: 'TLS' } as const
export type MailSecurity = (typeof MailSecurity)[keyof typeof MailSecurity]

export const DeliveryStatus = { pending: 'PENDING', delivered: 'DELIVERED', failed: 'FAILED' } as const
export type DeliveryStatus = (typeof DeliveryStatus)[keyof typeof DeliveryStatus]

export const AlertEvent = { fired: 'FIRED', recovered: 'RECOVERED', test: 'TEST' } as const
export type AlertEvent = (typeof AlertEvent)[keyof typeof AlertEvent]

/** Numbers of a rule; null where its kind has none. */
export interface AlertLimits {
  readonly threshold: number | null
  readonly minutes: number | null
}

/** What a channel is told. */
export interface AlertMessage {
  readonly event: AlertEvent
  /** Null: a test. */
  readonly rule: { readonly id: string; readonly name: string; readonly kind: AlertRuleKind } | null
  /** What it is about: a mapping, or an application at a service. */
  readonly subject: string
  readonly text: string
  /** ISO 8601. */
  readonly at: string
}

/** Attempts to deliver one message, and the minutes between them: 1, 2, 4 and so on up to an hour, for about half a day. */
export const MOST_ATTEMPTS = 16
const LONGEST_WAIT = 60

/** Minutes until a message is tried again after its `attempts`-th attempt; null: it is given up. */
export function waitAfter(attempts: number): number | null {
  return attempts >= MOST_ATTEMPTS ? null : Math.min(LONGEST_WAIT, 2 ** (attempts - 1))
}

/** Which numbers a kind of rule needs, with their bounds. */
export function limitsOf(kind: AlertRuleKind): {
  readonly threshold: { readonly from: number; readonly to: number } | null
  readonly minutes: { readonly from: number; readonly to: number } | null
} {
  const minutes = { from: 1, to: 43_200 }
  switch (kind) {
    case 'RUN_FAILED':
    case 'DELETIONS_WAIT':
      return { threshold: null, minutes: null }
    case 'ERRORS_OVER':
      return { threshold: { from: 0, to: 1_000_000 }, minutes }
    case 'NO_SUCCESS':
      return { threshold: null, minutes }
    case 'BUDGET_USED':
      return { threshold: { from: 1, to: 100 }, minutes: null }
    default:
      return assertNever(kind)
  }
}
