import { Client } from 'pg'
import type { PassDirection } from '../../../src/domain/mapping.js'

/** The statements that a gate holds: those that make, change or remove a row of `table` for which `when` holds (`new`, `old`: the row). */
export interface Passage {
  readonly table: 'synch_page' | 'synch_run' | 'intent' | 'intent_call' | 'coupling' | 'record_state'
  readonly when: string
}

/** Whose database it is. */
interface Engine {
  readonly config: { readonly databaseUrl: string }
}

/** A pass is about to store what it has decided about a page: nothing is committed to yet. */
export function pageDecided(direction: PassDirection, number = 1): Passage {
  return pageOfPass(direction, number, 'COMPARED')
}

/** A pass has written a page and is about to record it. */
export function pageWritten(direction: PassDirection, number = 1): Passage {
  return pageOfPass(direction, number, 'WRITTEN')
}

function pageOfPass(direction: PassDirection, number: number, state: string): Passage {
  return {
    table: 'synch_page',
    when: `new.state = '${state}' and new.number = ${number} and exists (
      select 1 from synch_job j join synch_run r on r.id = j.run_id
      where j.id = new.job_id and r.kind <> 'RECORDS' and j.direction = '${direction}')`,
  }
}

/** The page of a person's Synchronize is decided, nothing is committed to yet. */
export const personDecided: Passage = {
  table: 'synch_page',
  when: `new.state = 'COMPARED' and exists (
    select 1 from synch_job j join synch_run r on r.id = j.run_id where j.id = new.job_id and r.kind = 'RECORDS')`,
}

/** A write has landed on that side, and its answer is about to be kept; with `page`: a write of the pass's page of that number. */
export function landedOn(side: 'LOCAL' | 'INTEGRATION', page: number | null = null): Passage {
  const ofPage =
    page === null
      ? 'true'
      : `exists (select 1 from synch_page p where p.id = new.page_id and p.number = ${page})`
  return { table: 'intent_call', when: `new.answers is not null and new.side = '${side}' and ${ofPage}` }
}

const PATIENCE = 60_000
const WAITING = `from pg_locks where locktype = 'advisory' and not granted and objid = $1
  and database = (select oid from pg_database where datname = current_database())`
let made = 0

/**
 * A gate in Accord's own database. A step that comes to such a statement waits there until the gate is opened, so that a
 * test can act between two statements of the engine, for as long as it likes. Later comers pass.
 */
export class Gate {
  private isShut = true

  private constructor(
    private readonly client: Client,
    private readonly key: number,
    private readonly passage: Passage,
  ) {}

  static async shut(engine: Engine, passage: Passage): Promise<Gate> {
    made += 1
    const key = 4_100_000 + made
    const client = new Client({ connectionString: engine.config.databaseUrl })
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [key])
    await client.query(`create function gate_${key}() returns trigger language plpgsql as $$
      begin
        if ${passage.when} then perform pg_advisory_xact_lock_shared(${key}); end if;
        return coalesce(new, old);
      end $$`)
    await client.query(`create trigger gate_${key} before insert or update or delete on ${passage.table}
      for each row execute function gate_${key}()`)
    return new Gate(client, key, passage)
  }

  /** Waits until a step stands at the gate. */
  async reached(): Promise<void> {
    const giveUp = Date.now() + PATIENCE
    while ((await this.waiting()) === 0) {
      if (Date.now() > giveUp) throw new Error(`Nothing came to the gate: ${this.passage.when}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** For good: whoever waits goes on. Opening it again is harmless. */
  async open(): Promise<void> {
    if (!this.isShut) return
    this.isShut = false
    await this.client.query('select pg_advisory_unlock($1)', [this.key])
    await this.client.end()
  }

  /** What waits never happens: its connection is cut, as that of a machine that lost its power. Then the gate is open. */
  async cut(): Promise<void> {
    const cut = await this.client.query(`select pg_terminate_backend(pid, 10000) ${WAITING}`, [this.key])
    if (cut.rows.length === 0) throw new Error('Nothing waits at the gate.')
    await this.open()
  }

  /** A test that fails leaves no step waiting. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.open()
  }

  private async waiting(): Promise<number> {
    const { rows } = await this.client.query<{ waiting: number }>(
      `select count(*)::int as waiting ${WAITING}`,
      [this.key],
    )
    return rows[0]?.waiting ?? 0
  }
}
