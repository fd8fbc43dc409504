/** Why a request is made; who goes first where a system's limits let not all through. */
export const Lane = {
  /** A person waits for it. */
  person: 'PERSON',
  /** Changes of the day. */
  live: 'LIVE',
  /** Records that failed before. */
  retry: 'RETRY',
  /** Everything, for the first time or again. */
  backfill: 'BACKFILL',
} as const
export type Lane = (typeof Lane)[keyof typeof Lane]

/** First who goes first. */
export const LANES: readonly Lane[] = [Lane.person, Lane.live, Lane.retry, Lane.backfill]
