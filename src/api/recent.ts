import type { EntityManager } from '@mikro-orm/postgresql'
import { LRUCache } from 'lru-cache'
import type { ValidToken } from '../persistence/access-tokens.js'
import type { Connection } from '../persistence/entities/connection.js'
import type { Mapping } from '../persistence/entities/mapping.js'

/** Milliseconds for which something is kept: what another process has changed shows after that. */
const KEPT_FOR = 1_000

const MOST_KEPT = 1_000

/** A mapping by its names. */
export interface NamedMapping {
  readonly id: string
  readonly name: string
  readonly connection: string
}

/**
 * What nearly every request asks for and hardly anybody changes, for a second, of one database. A mutation of this process forgets all of
 * it, and nothing is kept while one is under way, so that who has changed something sees it at once. That something is not there is never
 * kept.
 */
export class Recent {
  readonly tokens = kept<ValidToken>()
  readonly mappings = kept<Mapping>()
  readonly connections = kept<Connection>()
  /** By name and connection as they were asked for. */
  readonly namedMappings = kept<readonly NamedMapping[]>()
  private mutations = 0
  /** Which mutations had ended when something began to be read. */
  private generation = 0

  /** What is kept under the key; undefined: nothing. */
  known<Value extends object>(values: LRUCache<string, Value>, key: string): Value | undefined {
    return this.mutations > 0 ? undefined : values.get(key)
  }

  /** What is kept, or else is read now. `endOf`: milliseconds after which it is not so any more whatever happens; null: none. */
  async read<Value extends object>(
    values: LRUCache<string, Value>,
    key: string,
    load: () => Promise<Value | null>,
    endOf: (value: Value) => number | null = () => null,
  ): Promise<Value | null> {
    const known = this.known(values, key)
    if (known !== undefined) return known
    const { generation } = this
    const loaded = await load()
    if (loaded !== null && this.mutations === 0 && generation === this.generation) {
      const ttl = Math.min(KEPT_FOR, Math.floor(endOf(loaded) ?? KEPT_FOR))
      if (ttl > 0) values.set(key, loaded, { ttl })
    }
    return loaded
  }

  /** A mutation begins. Whoever says so says when it has ended. */
  beginMutation(): void {
    this.mutations += 1
  }

  endMutation(): void {
    this.mutations -= 1
    this.forget()
  }

  /** Everything, also what is just being read. */
  forget(): void {
    this.generation += 1
    for (const values of [this.tokens, this.mappings, this.connections, this.namedMappings]) values.clear()
  }
}

const recents = new WeakMap<object, Recent>()

/** Of the database of an entity manager. */
export function recentOf(em: EntityManager): Recent {
  const database = em.config
  const known = recents.get(database)
  if (known !== undefined) return known
  const recent = new Recent()
  recents.set(database, recent)
  return recent
}

function kept<Value extends object>(): LRUCache<string, Value> {
  return new LRUCache({ max: MOST_KEPT, ttl: KEPT_FOR })
}
