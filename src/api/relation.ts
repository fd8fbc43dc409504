import type { LRUCache } from 'lru-cache'
import type { Recent } from './recent.js'

/** A value that is there, or will be. Lists of hundreds of rows are answered far sooner where it is there. */
export type Soon<Value> = Value | Promise<Value>

/** Rows by id that are kept for a while. */
export class RecentById<Row extends object> {
  constructor(
    private readonly recent: Recent,
    private readonly kept: LRUCache<string, Row>,
    /** Reads those of one tick in one statement. */
    private readonly rows: { load(id: string): Promise<Row | null> },
  ) {}

  /** What is kept; undefined: nothing. */
  known(id: string): Row | undefined {
    return this.recent.known(this.kept, id)
  }

  async load(id: string): Promise<Row | null> {
    return this.recent.read(this.kept, id, () => this.rows.load(id))
  }

  /** At once where it is kept. */
  get(id: string): Soon<Row | null> {
    return this.known(id) ?? this.load(id)
  }
}
