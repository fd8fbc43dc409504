import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Finding } from '../../domain/finding.js'
import { slotReader } from './replication.js'
import type { Session } from './sessions.js'
import { changeDetectionOf, modifiedColumnOf, type PostgresSettings } from './settings.js'
import { quote, type Shape } from './shape.js'

/** Whether the way in which the changes of a table are found works. */
export async function checkDetection(
  session: Session,
  settings: PostgresSettings,
  shape: Shape,
): Promise<readonly Finding[]> {
  switch (changeDetectionOf(settings, shape.name)) {
    case 'modifiedColumn':
      return checkModifiedColumn(session, shape, modifiedColumnOf(settings, shape.name))
    case 'triggers':
      return checkTriggers(session, shape)
    case 'logicalReplication':
      return checkSlot(session, settings, shape)
  }
}

async function checkModifiedColumn(
  session: Session,
  shape: Shape,
  name: string,
): Promise<readonly Finding[]> {
  const column = shape.columns.find((candidate) => candidate.name === name)
  if (column === undefined || !['timestamptz', 'timestamp'].includes(column.base))
    return [
      diagnose(DiagnosisCode.modifiedColumnMissing, {
        what:
          column === undefined
            ? `${shape.qualified} has no column ${name}.`
            : `The column ${name} of ${shape.qualified} is of type ${column.type}.`,
      }),
    ]
  const [row] = await session.query(
    `select exists (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = $1::text::oid and a.attname = $2)::text,
       exists (select from pg_trigger t where t.tgrelid = $1::text::oid and not t.tgisinternal and t.tgenabled <> 'D'
         and t.tgtype & 18 = 18)::text`,
    [shape.oid, name],
  )
  const findings: Finding[] = []
  if (row?.[1] !== 'true')
    findings.push(
      diagnose(DiagnosisCode.modifiedColumnNotMaintained, {
        what: `No trigger of ${shape.qualified} sets ${name} when a record is changed.`,
        remedy: `Add a trigger before update that sets ${name} to clock_timestamp(), or make sure that whatever writes the table does.`,
      }),
    )
  if (!column.notNull)
    findings.push(
      diagnose(DiagnosisCode.modifiedColumnNullable, {
        what: `The column ${name} of ${shape.qualified} may be empty.`,
        remedy: `Fill the column, then: ALTER TABLE ${shape.qualified} ALTER ${quote(name)} SET DEFAULT clock_timestamp(), ALTER ${quote(name)} SET NOT NULL;`,
      }),
    )
  if (row?.[0] !== 'true')
    findings.push(
      diagnose(DiagnosisCode.modifiedColumnNotIndexed, {
        what: `No index of ${shape.qualified} begins with ${name}.`,
        remedy: `CREATE INDEX CONCURRENTLY ON ${shape.qualified} (${quote(name)});`,
      }),
    )
  return findings
}

async function checkTriggers(session: Session, shape: Shape): Promise<readonly Finding[]> {
  const [row] = await session.query(
    `select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'accord' and c.relname = 'captured')::text,
       (select count(*) from pg_trigger t where t.tgrelid = $1::text::oid and t.tgname in
         ('accord_insert', 'accord_update', 'accord_delete', 'accord_truncate'))::text,
       (select count(*) from pg_trigger t where t.tgrelid = $1::text::oid and t.tgenabled = 'D' and t.tgname in
         ('accord_insert', 'accord_update', 'accord_delete', 'accord_truncate'))::text, current_user::text`,
    [shape.oid],
  )
  if (row?.[0] !== 'true' || row[1] !== '4')
    return [
      diagnose(DiagnosisCode.triggersMissing, {
        what: `The triggers that tell of changes are not installed on ${shape.qualified}.`,
        remedy: `Let the owner of the database run docs/postgresql-capture.sql, then: select accord.capture('${shape.qualified}', '${row?.[3] ?? ''}');`,
      }),
    ]
  if (row[2] !== '0')
    return [
      diagnose(DiagnosisCode.triggersDisabled, {
        what: `Triggers that tell of changes of ${shape.qualified} are disabled.`,
        remedy: `Install them again; everything is read anew then: select accord.capture('${shape.qualified}', '${row[3] ?? ''}');`,
      }),
    ]
  return []
}

async function checkSlot(
  session: Session,
  settings: PostgresSettings,
  shape: Shape,
): Promise<readonly Finding[]> {
  const { slot } = slotReader(settings.publication, settings.schema, shape.name)
  const [row] = await session.query(
    `select exists (select from pg_publication_tables where pubname = $1 and schemaname = $2 and tablename = $3)::text,
       (select relreplident from pg_class where oid = $4::text::oid),
       (select wal_status from pg_replication_slots where slot_name = $5),
       exists (select from pg_publication where pubname = $1)::text`,
    [settings.publication, settings.schema, shape.name, shape.oid, slot],
  )
  const findings: Finding[] = []
  if (row?.[0] !== 'true')
    findings.push(
      diagnose(DiagnosisCode.notPublished, {
        what: `${shape.qualified} is not in the publication ${settings.publication}.`,
        remedy:
          row?.[3] === 'true'
            ? `ALTER PUBLICATION ${settings.publication} ADD TABLE ${shape.qualified};`
            : `CREATE PUBLICATION ${settings.publication} FOR TABLE ${shape.qualified};`,
      }),
    )
  if (row?.[1] === 'n')
    findings.push(
      diagnose(DiagnosisCode.noReplicaIdentity, {
        what: `${shape.qualified} has replica identity nothing.`,
        remedy: `ALTER TABLE ${shape.qualified} REPLICA IDENTITY DEFAULT;`,
      }),
    )
  if (row?.[2] === 'lost' || row?.[2] === 'unreserved')
    findings.push(
      diagnose(DiagnosisCode.slotLost, {
        what: `The replication slot ${slot} holds back more log than the server allows.`,
      }),
    )
  return findings
}
