import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditSubject } from '../domain/audit-subject.js'
import type { AuditChange } from './entities/audit-entry.js'
import { json, run, sql, storable } from './sql.js'

/** Of an entry whose action is not over. */
export const UNDER_WAY = 'UNDER_WAY'
export const OK = 'OK'

export interface NewAuditEntry {
  readonly actor: {
    readonly id: string
    readonly name: string
    readonly kind: string
    readonly role: string
  }
  readonly action: string
  /** Without secrets. */
  readonly arguments: unknown
  /** What it is about; left out: nothing of ours. */
  readonly subjects?: readonly AuditSubject[]
  /** How many things that are, where not all of them are named. */
  readonly subjectCount?: number
  readonly outcome: string
  readonly address: string
}

/** Notes an action; returns the id of the entry. */
export async function addAuditEntry(em: EntityManager, entry: NewAuditEntry): Promise<string> {
  const id = randomUUID()
  const { actor, subjects = [], subjectCount = subjects.length } = entry
  await run(
    em,
    sql`insert into audit_entry
          (id, at, actor_id, actor_name, actor_kind, role, action, arguments, outcome, changes, subjects, subject_count, address)
        values (${id}, now(), ${actor.id}, ${storable(actor.name)}, ${actor.kind}, ${actor.role}, ${entry.action},
          ${json(entry.arguments)}::json, ${entry.outcome}, '[]', ${json(subjects)}::json, ${subjectCount}, ${entry.address})`,
  )
  return id
}

/** Completes the entry of an action that is over. */
export async function completeAuditEntry(
  em: EntityManager,
  id: string,
  outcome: string,
  changes: readonly AuditChange[],
): Promise<void> {
  await run(
    em,
    sql`update audit_entry set outcome = ${outcome}, changes = ${json(changes)}::json where id = ${id}`,
  )
}

/** Forgets entries older than so many days, at most `most` of them; returns how many there were. */
export async function purgeAuditEntries(em: EntityManager, days: number, most: number): Promise<number> {
  const gone = await run(
    em,
    sql`delete from audit_entry where id in (
          select id from audit_entry where at < now() - make_interval(days => ${days}::int) order by at, id limit ${most})
        returning id`,
  )
  return gone.length
}
