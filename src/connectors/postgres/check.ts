import type { Finding } from '../../domain/finding.js'
import { findingOf } from '../check-reach.js'
import { ConnectorError, type CheckedTable, type CheckRequest } from '../connector.js'
import { checkDetection, finding } from './check-detection.js'
import { toConnectorError } from './errors.js'
import type { Session, Sessions } from './sessions.js'
import { changeDetectionOf, type PostgresSettings } from './settings.js'
import type { Shape } from './shape.js'

export interface PostgresCheck {
  readonly sessions: Sessions
  readonly settings: PostgresSettings
  /** Throws {@link ConnectorError} for a table that cannot be synchronized. */
  readonly readShape: (name: string) => Promise<Shape>
}

/**
 * Reach and sign-in first, then each table: whether it is there and has a primary key, what may be done with it, and whether the way in
 * which its changes are found works. Nothing is changed.
 */
export async function checkPostgres(
  check: PostgresCheck,
  request: CheckRequest,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  try {
    for (const checked of request.tables) {
      request.signal?.throwIfAborted()
      findings.push(...(await checkTable(check, checked)))
    }
    findings.push(...(await check.sessions.use((session) => checkServer(session, check.settings, request))))
    return findings
  } catch (error) {
    const translated = toConnectorError(error)
    if (translated instanceof ConnectorError) return [findingOf(translated.failure)]
    throw translated
  }
}

async function checkTable(check: PostgresCheck, checked: CheckedTable): Promise<readonly Finding[]> {
  let shape: Shape
  try {
    shape = await check.readShape(checked.table.name)
  } catch (error) {
    // What is wrong with one table is told of it, and the others are looked at as well.
    if (
      error instanceof ConnectorError &&
      error.failure.errorClass === 'SETUP' &&
      error.failure.code === undefined
    )
      return [findingOf(error.failure, 'TABLE_NOT_USABLE')]
    throw error
  }
  return check.sessions.use(async (session) => [
    ...(await checkPrivileges(session, shape, checked)),
    ...(await checkColumns(shape, checked)),
    ...(await checkDetection(session, check.settings, shape)),
  ])
}

async function checkPrivileges(
  session: Session,
  shape: Shape,
  { written, creates, deletes }: CheckedTable,
): Promise<readonly Finding[]> {
  const [row] = await session.query(
    `select has_schema_privilege($2::text, 'usage')::text, has_table_privilege($1::text::oid, 'select')::text,
       has_table_privilege($1::text::oid, 'insert')::text, has_table_privilege($1::text::oid, 'update')::text,
       has_table_privilege($1::text::oid, 'delete')::text, row_security_active($1::text::oid)::text, current_user::text`,
    [shape.oid, shape.schema],
  )
  const [usage, select, insert, update, remove, security, user] = row ?? []
  const lacking = [
    usage === 'true' ? null : 'USAGE on its schema',
    select === 'true' ? null : 'SELECT',
    !creates || insert === 'true' ? null : 'INSERT',
    written.length === 0 || update === 'true' ? null : 'UPDATE',
    !deletes || remove === 'true' ? null : 'DELETE',
  ].filter((privilege) => privilege !== null)
  const findings: Finding[] = lacking.map((privilege) =>
    finding(
      'PRIVILEGE_MISSING',
      'ERROR',
      `The role ${user ?? ''} lacks ${privilege} on ${shape.qualified}.`,
      'The mappings do with this table what the role may not.',
      privilege.startsWith('USAGE')
        ? `GRANT USAGE ON SCHEMA ${shape.schema} TO ${user ?? ''}.`
        : `GRANT ${privilege} ON ${shape.qualified} TO ${user ?? ''}.`,
    ),
  )
  if (security === 'true')
    findings.push(
      finding(
        'ROW_SECURITY',
        'WARNING',
        `Row security of ${shape.qualified} applies to the role ${user ?? ''}.`,
        'A record that a policy hides from the role looks deleted.',
        'Give the role a policy that lets it see every record of the mappings, or BYPASSRLS.',
      ),
    )
  return findings
}

function checkColumns(shape: Shape, { fields, written }: CheckedTable): readonly Finding[] {
  const names = new Set(shape.columns.map((column) => column.name))
  const missing = [...new Set([...fields, ...written])].filter((name) => !names.has(name))
  return missing.map((name) =>
    finding(
      'COLUMN_MISSING',
      'ERROR',
      `${shape.qualified} has no column ${name}.`,
      'The column was removed or renamed after it was mapped.',
      'Read the tables of the connection anew, and correct the mapping.',
    ),
  )
}

/** What concerns the server as a whole. */
async function checkServer(
  session: Session,
  settings: PostgresSettings,
  { tables }: CheckRequest,
): Promise<readonly Finding[]> {
  const kinds = new Set(tables.map(({ table }) => changeDetectionOf(settings, table.name)))
  const [row] = await session.query(
    `select current_setting('wal_level'), (r.rolsuper or r.rolreplication)::text, r.rolsuper::text, pg_is_in_recovery()::text,
       current_user::text from pg_roles r where r.rolname = current_user`,
  )
  const findings: Finding[] = []
  const [level, replication, superuser, standby, user] = row ?? []
  if (standby === 'true')
    findings.push(
      finding(
        'STANDBY',
        'ERROR',
        'The server is a standby.',
        'A standby takes no writes.',
        'Name the primary server as host in the settings of the connection.',
      ),
    )
  if (kinds.has('logicalReplication') && level !== 'logical')
    findings.push(
      finding(
        'WAL_LEVEL',
        'ERROR',
        `wal_level is ${level ?? ''}.`,
        'The log holds enough for logical replication only with wal_level logical.',
        'ALTER SYSTEM SET wal_level = logical, then restart the server. Or choose triggers in the settings of the connection.',
      ),
    )
  if (kinds.has('logicalReplication') && replication !== 'true')
    findings.push(
      finding(
        'REPLICATION_MISSING',
        'ERROR',
        `The role ${user ?? ''} may not use replication slots.`,
        'Logical replication needs the attribute REPLICATION.',
        `ALTER ROLE ${user ?? ''} REPLICATION.`,
      ),
    )
  if (superuser === 'true')
    findings.push(
      finding(
        'SUPERUSER',
        'WARNING',
        `The role ${user ?? ''} is a superuser.`,
        'Whoever has its password may do anything on the server, and no privilege or policy binds it.',
        'Use a role of its own with privileges on the mapped tables only.',
      ),
    )
  return findings
}
