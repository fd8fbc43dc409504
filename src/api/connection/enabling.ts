import { inTransaction } from '../in-transaction.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { markRuns } from '../../persistence/holds.js'
import { storable } from '../../persistence/sql.js'
import { shownConnection } from '../audit/shown.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import { tellRuns } from '../job-control/pausing.js'
import { authorshipOf } from '../mapping/authorship.js'
import { assertSeenVersion, changedSince } from '../seen-version.js'
import { assertCheckPassed } from './assert-check-passed.js'
import { lockConnection, readConnection } from './change-connection.js'

const LONGEST_REASON = 1_000

/**
 * Enables a connection after its check; `force` is the reason to do so whatever the check would find. Throws BAD_USER_INPUT,
 * CONFLICTING_STATE with the findings, also where its settings were changed meanwhile; ENGINE_UNAVAILABLE.
 */
export async function enableConnection(
  context: ApiContext,
  id: string,
  { force, version }: { readonly force: string | null; readonly version: number | null },
): Promise<Connection> {
  const reason = force?.trim() ?? null
  if (reason !== null && (reason === '' || reason.length > LONGEST_REASON)) {
    throw badUserInput([
      { argument: 'force', message: `Expected the reason, 1 to ${LONGEST_REASON} characters.` },
    ])
  }
  const checked = await readConnection(context, id)
  assertSeenVersion(checked, version)
  if (!checked.disabledAt) return checked
  if (reason === null) await assertCheckPassed(context, checked)
  const runs = await inTransaction(context, async (em) => {
    const connection = await lockConnection(em, id)
    if (connection.version !== checked.version) {
      throw apiError(
        ErrorCode.conflictingState,
        `${connection.name} was changed by ${connection.changedBy} while it was checked. Enable it again.`,
        changedSince(connection),
      )
    }
    const before = shownConnection(context.settingsKeeper, connection)
    connection.disabledAt = null
    connection.disabledBy = null
    connection.forcedReason = reason === null ? null : storable(reason)
    await em.flush()
    noteChange(context, connection, before)
    const mappings = await em.find(Mapping, { connectionId: id })
    return markRuns(em, { mappingIds: mappings.map((mapping) => mapping.id) }, false, 'writes')
  })
  await tellRuns(context, runs, false)
  return readConnection(context, id)
}

/** Disables a connection: nothing of it writes any more; runs under way wait after the page at hand. Throws CONFLICTING_STATE. */
export async function disableConnection(
  context: ApiContext,
  id: string,
  { author, version }: { readonly author: string | null; readonly version: number | null },
): Promise<Connection> {
  const by = authorshipOf(context.principal, { author, note: null }).author
  const runs = await inTransaction(context, async (em) => {
    const connection = await lockConnection(em, id)
    assertSeenVersion(connection, version)
    const before = shownConnection(context.settingsKeeper, connection)
    if (!connection.disabledAt) {
      connection.disabledAt = new Date()
      connection.disabledBy = by
    }
    await em.flush()
    noteChange(context, connection, before)
    const mappings = await em.find(Mapping, { connectionId: id })
    return markRuns(em, { mappingIds: mappings.map((mapping) => mapping.id) }, true, 'writes')
  })
  await tellRuns(context, runs, true)
  return readConnection(context, id)
}

function noteChange({ audit, settingsKeeper }: ApiContext, connection: Connection, before: object): void {
  const { id, name } = connection
  audit.changed({ kind: 'connection', id, name, before, after: shownConnection(settingsKeeper, connection) })
}
