/** Why a request is made; who goes first where a system's limits let not all through. */
export const Lane = {
  /** A person waits for it. */
  person: 'person',
  /** Changes of the day. */
  live: 'live',
  /** Records that failed before. */
  retry: 'retry',
  /** Everything, for the first time or again. */
  backfill: 'backfill',
} as const
export type Lane = (typeof Lane)[keyof typeof Lane]

/** First who goes first. */
export const LANES: readonly Lane[] = [Lane.person, Lane.live, Lane.retry, Lane.backfill]
