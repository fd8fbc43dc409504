import type { SkippedSynchRecordQuery } from './generated/graphql.js'

export type SkippedRecord = NonNullable<SkippedSynchRecordQuery['skippedSynchRecord']>

/** What is still told of a record that is not skipped any more: the server keeps nothing of a skip that was lifted. */
export interface SettledRecord {
  readonly name: string
  readonly couplingId: string | null
}

const KEY = 'accord.skipped.'

export function nameOf({ record, id }: SkippedRecord): string {
  return record.name ?? record.id ?? id
}

/** Keeps name and coupling of a record that is looked at for as long as this tab of the browser is there. */
export function remember(record: SkippedRecord): void {
  const kept: SettledRecord = { name: nameOf(record), couplingId: record.coupling?.id ?? null }
  try {
    sessionStorage.setItem(KEY + record.id, JSON.stringify(kept))
  } catch {
    // Browsers may keep nothing, by their settings or for want of space: then the page does without the name.
  }
}

/** A record that was looked at in this tab; null: it was not. */
export function recall(id: string): SettledRecord | null {
  try {
    const kept = sessionStorage.getItem(KEY + id)
    return kept === null ? null : (JSON.parse(kept) as SettledRecord)
  } catch {
    return null
  }
}
