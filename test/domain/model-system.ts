import type { RecordSnapshot } from '../../src/domain/record.js'
import type { Side, Values } from '../../src/domain/value.js'
import { clockFall, nextWatermark, readFrom } from '../../src/domain/watermark.js'

const COMMIT_DELAY = 60_000

/** One system with one record, and what Accord remembers of reading it. */
export class ModelSystem {
  record: RecordSnapshot | null = null
  /** The record as it was before it was deleted. */
  deleted: RecordSnapshot | null = null
  /** When its users last changed it, true time. */
  editedAt = 0
  /** A deletion that no pass has read yet. */
  tombstone = false
  /** The pass that reads this side must look at the record whatever its stamp. */
  pending = false
  /** Why the last attempt of that pass failed. */
  failure: string | null = null
  private watermark: number | null = null
  private offsetAtWatermark: number | null = null
  /** The version last handled by a scheduled pass. */
  private handled: string | null = null
  private versions = 0

  constructor(
    readonly side: Side,
    readonly resolution: number,
    public offset: number,
  ) {}

  /** Writes the record, at this moment by this server's clock. */
  store(values: Values, now: number, id = this.record?.id ?? `${this.side}-1`): RecordSnapshot {
    const stamp = Math.floor((now + this.offset) / this.resolution) * this.resolution
    this.versions += 1
    this.record = { id, version: `${this.side}${this.versions}`, stamp, values }
    return this.record
  }

  remove(): void {
    if (this.record === null) return
    this.deleted = this.record
    this.record = null
    this.tombstone = true
  }

  /** What a pass reads of this side. `commit`: the pass came to its end, so that it is not read again. */
  read(now: number) {
    const fall = clockFall(this.offsetAtWatermark, this.offset)
    const from = readFrom(this.watermark, fall)
    const { record, tombstone, pending } = this
    const unread = record !== null && record.version !== this.handled
    const isDue = tombstone || pending || (unread && (from === null || record.stamp >= from))
    const commit = () => {
      this.watermark = nextWatermark(this.watermark, now + this.offset, COMMIT_DELAY, fall)
      this.offsetAtWatermark = this.offset
      this.handled = record?.version ?? this.handled
      this.tombstone = false
      this.pending = false
    }
    return { record, isDue, unread, wasPending: pending, commit }
  }
}
