const KEPT_AS = 'accord.lastVisit'
/** Milliseconds: whoever comes back sooner is still here. */
const SAME_VISIT = 30 * 60_000

interface Visits {
  /** When this visit began. */
  readonly began: string
  /** When the one before was last seen to go on; null: there was none in this browser. */
  readonly before: string | null
  readonly seen: string
}

/** When whoever uses this browser was here last, before this visit; null: never. Notes that he is here now. */
export function lastVisit(now: Date): string | null {
  const kept = read()
  const isSame = kept !== null && now.getTime() - Date.parse(kept.seen) < SAME_VISIT
  const visits: Visits = isSame
    ? { ...kept, seen: now.toISOString() }
    : { began: now.toISOString(), before: kept?.seen ?? null, seen: now.toISOString() }
  localStorage.setItem(KEPT_AS, JSON.stringify(visits))
  return visits.before
}

function read(): Visits | null {
  const text = localStorage.getItem(KEPT_AS)
  return text === null ? null : (JSON.parse(text) as Visits)
}
