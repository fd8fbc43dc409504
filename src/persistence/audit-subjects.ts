import type { EntityManager } from '@mikro-orm/postgresql'
import { AuditSubjectKind, type AuditSubject } from '../domain/audit-subject.js'
import { run, sql, storable, texts } from './sql.js'

/** The tables in which ids of arguments are looked up. */
export const SubjectSource = {
  accessToken: 'accessToken',
  alert: 'alert',
  alertChannel: 'alertChannel',
  alertRule: 'alertRule',
  connection: 'connection',
  coupling: 'coupling',
  deletionReview: 'deletionReview',
  errorGroup: 'errorGroup',
  fullSynch: 'fullSynch',
  plan: 'plan',
  reconciliation: 'reconciliation',
  recordState: 'recordState',
  rehearsal: 'rehearsal',
  run: 'run',
  user: 'user',
  write: 'write',
} as const
export type SubjectSource = (typeof SubjectSource)[keyof typeof SubjectSource]

type Row = Omit<AuditSubject, 'kind'>

interface Source {
  readonly kind: AuditSubjectKind
  /** Gives `id`, `name`, `connection` of the rows whose id `sought` is among the ids. */
  readonly rows: ReturnType<typeof sql<Row & { readonly sought: string }>>
}

const ofMapping = sql`join integration_table_mapping m on m.id = x.mapping_id join connection c on c.id = m.connection_id`
const mappingOf = (table: string): Source => ({
  kind: AuditSubjectKind.mapping,
  rows: sql`select x.id as sought, m.id, m.name, c.name as connection from ${sql.table(table)} x ${ofMapping}`,
})
const named = (kind: AuditSubjectKind, table: string): Source => ({
  kind,
  rows: sql`select x.id as sought, x.id, x.name, null::text as connection from ${sql.table(table)} x`,
})

const SOURCES: Readonly<Record<SubjectSource, Source>> = {
  accessToken: named(AuditSubjectKind.accessToken, 'access_token'),
  alert: {
    kind: AuditSubjectKind.alert,
    rows: sql`select x.id as sought, x.id, x.subject as name, null::text as connection from alert x`,
  },
  alertChannel: named(AuditSubjectKind.alertChannel, 'alert_channel'),
  alertRule: named(AuditSubjectKind.alertRule, 'alert_rule'),
  connection: named(AuditSubjectKind.connection, 'connection'),
  coupling: {
    kind: AuditSubjectKind.record,
    rows: sql`select x.id as sought, x.id, coalesce(x.local_name, x.integration_name, x.local_id) as name, c.name as connection
              from coupling x join connection c on c.id = x.connection_id`,
  },
  deletionReview: mappingOf('deletion_review'),
  errorGroup: {
    kind: AuditSubjectKind.errorGroup,
    rows: sql`select x.id as sought, x.id, left(x.message, 200) as name, c.name as connection from error_group x ${ofMapping}`,
  },
  fullSynch: {
    kind: AuditSubjectKind.connection,
    rows: sql`select x.id as sought, c.id, c.name, null::text as connection
              from full_synch x join connection c on c.id = x.connection_id`,
  },
  plan: mappingOf('synch_run'),
  reconciliation: mappingOf('reconciliation'),
  recordState: {
    kind: AuditSubjectKind.record,
    rows: sql`select x.id as sought, x.coupling_id as id, coalesce(p.local_name, p.integration_name, x.record_id) as name,
                c.name as connection
              from record_state x ${ofMapping} left join coupling p on p.id = x.coupling_id`,
  },
  rehearsal: mappingOf('rehearsal'),
  run: {
    kind: AuditSubjectKind.run,
    rows: sql`select x.id as sought, x.id, m.name, c.name as connection from synch_run x ${ofMapping}`,
  },
  user: named(AuditSubjectKind.user, 'app_user'),
  write: {
    kind: AuditSubjectKind.record,
    rows: sql`select x.id as sought, p.id, coalesce(x.local_name, x.integration_name, x.local_id, x.integration_id) as name,
                c.name as connection
              from record_write x ${ofMapping} left join coupling p on p.id = x.coupling_id`,
  },
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Things by their ids, as they are called now, in the order of the ids; what is not there is left out. */
export async function subjectsByIds(
  em: EntityManager,
  source: SubjectSource,
  ids: readonly string[],
): Promise<readonly AuditSubject[]> {
  const sought = ids.filter((id) => UUID.test(id)).map((id) => id.toLowerCase())
  if (sought.length === 0) return []
  const { kind, rows } = SOURCES[source]
  const found = await run(
    em,
    sql<
      Row & { readonly sought: string }
    >`select * from (${rows}) found where sought = any(${texts(sought)}::uuid[])`,
  )
  const byId = new Map(found.map((row) => [row.sought, row]))
  return [...new Set(sought)].flatMap((id) => {
    const row = byId.get(id)
    return row === undefined ? [] : [{ kind, id: row.id, name: row.name, connection: row.connection }]
  })
}

/** A mapping by name; as it was asked for, where there is none, or more than one. */
export async function mappingSubject(
  em: EntityManager,
  asked: { readonly name: string; readonly connection: string | null },
): Promise<AuditSubject> {
  const found = await run(
    em,
    sql<Row>`select m.id, m.name, c.name as connection
             from integration_table_mapping m join connection c on c.id = m.connection_id
             where m.name = ${storable(asked.name)}
               and (${asked.connection === null} or c.name = ${storable(asked.connection ?? '')}) limit 2`,
  )
  const [row] = found
  const kind = AuditSubjectKind.mapping
  return row === undefined || found.length > 1 ? { kind, id: null, ...asked } : { kind, ...row }
}

/** A connection by name; as it was asked for, where there is none. */
export async function connectionSubject(em: EntityManager, name: string): Promise<AuditSubject> {
  const [row] = await run(em, sql<{ id: string }>`select id from connection where name = ${storable(name)}`)
  return { kind: AuditSubjectKind.connection, id: row?.id ?? null, name, connection: null }
}
