import type { Finding, Severity } from '../../domain/finding.js'
import { slotReader } from './replication.js'
import type { Session } from './sessions.js'
import { changeDetectionOf, modifiedColumnOf, type PostgresSettings } from './settings.js'
import type { Shape } from './shape.js'

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
      finding(
        'MODIFIED_COLUMN_MISSING',
        'ERROR',
        column === undefined
          ? `${shape.qualified} has no column ${name}.`
          : `The column ${name} of ${shape.qualified} is of type ${column.type}.`,
        'Changes are found by the time of a record’s last change.',
        'Name a column of type timestamptz as modifiedColumn in the settings of the connection, or choose triggers or logicalReplication there.',
      ),
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
      finding(
        'MODIFIED_COLUMN_NOT_MAINTAINED',
        'WARNING',
        `No trigger of ${shape.qualified} sets ${name} when a record is changed.`,
        'A change that does not set the column is not noticed. A deletion is found only by the search for deleted records.',
        `Add a trigger before update that sets ${name} to clock_timestamp(), or make sure that whatever writes the table does.`,
      ),
    )
  if (!column.notNull)
    findings.push(
      finding(
        'MODIFIED_COLUMN_NULLABLE',
        'WARNING',
        `The column ${name} of ${shape.qualified} may be empty.`,
        'A record without a time of its last change is found by a full run only.',
        `Fill the column, and make it NOT NULL with the default clock_timestamp().`,
      ),
    )
  if (row?.[0] !== 'true')
    findings.push(
      finding(
        'MODIFIED_COLUMN_NOT_INDEXED',
        'WARNING',
        `No index of ${shape.qualified} begins with ${name}.`,
        'Every run reads the whole table to find what was changed.',
        `CREATE INDEX CONCURRENTLY ON ${shape.qualified} (${name}).`,
      ),
    )
  return findings
}

async function checkTriggers(session: Session, shape: Shape): Promise<readonly Finding[]> {
  const [row] = await session.query(
    `select (to_regclass('accord.captured') is not null)::text,
       (select count(*) from pg_trigger t where t.tgrelid = $1::text::oid and t.tgname in
         ('accord_insert', 'accord_update', 'accord_delete', 'accord_truncate'))::text,
       (select count(*) from pg_trigger t where t.tgrelid = $1::text::oid and t.tgenabled = 'D' and t.tgname in
         ('accord_insert', 'accord_update', 'accord_delete', 'accord_truncate'))::text`,
    [shape.oid],
  )
  if (row?.[0] !== 'true' || row[1] !== '4')
    return [
      finding(
        'TRIGGERS_MISSING',
        'ERROR',
        `The triggers that tell of changes are not installed on ${shape.qualified}.`,
        'The connection finds changes by triggers.',
        `Let the owner of the database run docs/postgresql-capture.sql, then: select accord.capture('${shape.qualified}', current_user) with the role of the connection.`,
      ),
    ]
  if (row[2] !== '0')
    return [
      finding(
        'TRIGGERS_DISABLED',
        'ERROR',
        `Triggers that tell of changes of ${shape.qualified} are disabled.`,
        'Somebody disabled them; what was changed meanwhile is not in the change log.',
        `Run accord.capture for the table again. Everything is read anew then.`,
      ),
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
       (select wal_status from pg_replication_slots where slot_name = $5)`,
    [settings.publication, settings.schema, shape.name, shape.oid, slot],
  )
  const findings: Finding[] = []
  if (row?.[0] !== 'true')
    findings.push(
      finding(
        'NOT_PUBLISHED',
        'ERROR',
        `${shape.qualified} is not in the publication ${settings.publication}.`,
        'Logical replication gives the changes of published tables only.',
        `CREATE PUBLICATION ${settings.publication} FOR TABLE ${shape.qualified}; where it exists: ALTER PUBLICATION ${settings.publication} ADD TABLE ${shape.qualified}.`,
      ),
    )
  if (row?.[1] === 'n')
    findings.push(
      finding(
        'NO_REPLICA_IDENTITY',
        'ERROR',
        `${shape.qualified} has replica identity nothing.`,
        'The log does not say which records were deleted.',
        `ALTER TABLE ${shape.qualified} REPLICA IDENTITY DEFAULT.`,
      ),
    )
  if (row?.[2] === 'lost' || row?.[2] === 'unreserved')
    findings.push(
      finding(
        'SLOT_LOST',
        'WARNING',
        `The replication slot ${slot} holds back more log than the server allows.`,
        'The mapping did not run for long, or too much was changed at once. The next run reads everything.',
        'Run the mapping more often, or raise max_slot_wal_keep_size.',
      ),
    )
  return findings
}

/** What a check of a database found. */
export function finding(
  code: string,
  severity: Severity,
  what: string,
  cause: string,
  remedy: string,
): Finding {
  return { code, severity, side: null, what, cause, remedy, evidence: null, correlationIds: [], link: null }
}
