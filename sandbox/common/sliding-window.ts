interface Entry {
  readonly at: number
  cost: number
}

/** Calls of the last while with what they cost, the oldest first. Times are in milliseconds. */
export class SlidingWindow {
  private entries: Entry[] = []
  private first = 0
  private total = 0

  get count(): number {
    return this.entries.length - this.first
  }

  /** What all calls in the window cost together. */
  get sum(): number {
    return this.total
  }

  add(at: number): Entry {
    const entry = { at, cost: 0 }
    this.entries.push(entry)
    return entry
  }

  /** A call that left the window meanwhile is charged to nobody. */
  charge(entry: Entry, cost: number): void {
    const oldest = this.entries[this.first]
    if (oldest === undefined || entry.at < oldest.at) return
    entry.cost += cost
    this.total += cost
  }

  /** Forgets the calls before that time. */
  forget(before: number): void {
    for (let oldest = this.entries[this.first]; oldest !== undefined; oldest = this.entries[this.first]) {
      if (oldest.at > before) break
      this.total -= oldest.cost
      this.first += 1
    }
    if (this.first < 1000) return
    this.entries = this.entries.slice(this.first)
    this.first = 0
  }

  /** How long until fewer than `limit` calls are in a window of that length. */
  untilCountBelow(limit: number, length: number, now: number): number {
    const leaving = this.entries[this.entries.length - limit]
    return leaving === undefined ? 0 : leaving.at + length - now
  }

  /** How long until the calls in a window of that length cost less than `limit`. */
  untilSumBelow(limit: number, length: number, now: number): number {
    let rest = this.total
    for (let index = this.first; index < this.entries.length; index += 1) {
      const entry = this.entries[index]
      if (entry === undefined) break
      rest -= entry.cost
      if (rest < limit) return entry.at + length - now
    }
    return 0
  }
}
