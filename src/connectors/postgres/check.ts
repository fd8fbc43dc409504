import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Finding } from '../../domain/finding.js'
import { ConnectorError, type CheckedTable, type CheckRequest } from '../connector.js'
import { findingOfFailure } from '../http/find-failure.js'
import { checkDetection } from './check-detection.js'
import { toConnectorError } from './errors.js'
import type { Session, Sessions } from './sessions.js'
import { changeDetectionOf, type PostgresSettings } from './settings.js'
import { quote, type Shape } from './shape.js'

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
    if (translated instanceof ConnectorError) return [findingOfFailure(translated.failure)]
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
      return [
        diagnose(DiagnosisCode.tableNotUsable, {
          what: error.failure.message,
          cause: error.failure.cause,
          remedy: error.failure.remedy,
        }),
      ]
    throw error
  }
  return check.sessions.use(async (session) => [
    ...(await checkPrivileges(session, shape, checked)),
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
    select === 'true' ? null : 'SELECT',
    !creates || insert === 'true' ? null : 'INSERT',
    written.length === 0 || update === 'true' ? null : 'UPDATE',
    !deletes || remove === 'true' ? null : 'DELETE',
  ].filter((privilege) => privilege !== null)
  const role = quote(user ?? '')
  const missing = (what: string, remedy: string): Finding =>
    diagnose(DiagnosisCode.privilegeMissing, {
      what: `The role ${user ?? ''} lacks ${what}.`,
      cause: 'The mappings do with this table what the role may not.',
      remedy,
      link: null,
    })
  const findings: Finding[] = []
  if (usage !== 'true')
    findings.push(
      missing(
        `USAGE on the schema ${quote(shape.schema)}`,
        `GRANT USAGE ON SCHEMA ${quote(shape.schema)} TO ${role};`,
      ),
    )
  if (lacking.length > 0)
    findings.push(
      missing(
        `${lacking.join(', ')} on ${shape.qualified}`,
        `GRANT ${lacking.join(', ')} ON ${shape.qualified} TO ${role};`,
      ),
    )
  if (security === 'true')
    findings.push(
      diagnose(DiagnosisCode.rowSecurity, {
        what: `Row security of ${shape.qualified} applies to the role ${user ?? ''}.`,
      }),
    )
  return findings
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
  if (standby === 'true') findings.push(diagnose(DiagnosisCode.standby, { what: 'The server is a standby.' }))
  if (kinds.has('logicalReplication') && level !== 'logical')
    findings.push(
      diagnose(DiagnosisCode.walLevel, {
        what: `wal_level is ${level ?? ''}.`,
        remedy:
          'ALTER SYSTEM SET wal_level = logical; -- then restart the server. Or choose triggers in the settings of the connection.',
      }),
    )
  if (kinds.has('logicalReplication') && replication !== 'true')
    findings.push(
      diagnose(DiagnosisCode.replicationMissing, {
        what: `The role ${user ?? ''} may not use replication slots.`,
        remedy: `ALTER ROLE ${quote(user ?? '')} REPLICATION;`,
      }),
    )
  if (superuser === 'true')
    findings.push(diagnose(DiagnosisCode.superuser, { what: `The role ${user ?? ''} is a superuser.` }))
  return findings
}
