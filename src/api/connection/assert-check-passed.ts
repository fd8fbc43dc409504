import type { Finding } from '../../domain/finding.js'
import { systemCaption } from '../../domain/system-caption.js'
import { Side } from '../../domain/value.js'
import type { Connection } from '../../persistence/entities/connection.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { tryToReadTables } from '../system-table/read-tables.js'

/**
 * Looks at both systems as they are set up now. Throws CONFLICTING_STATE with `extensions.findings` where something is found that
 * keeps them from being synchronized; ENGINE_UNAVAILABLE where no worker can look.
 */
export async function assertCheckPassed(context: ApiContext, connection: Connection): Promise<void> {
  const errors = (await findingsOf(context, connection)).filter(({ severity }) => severity === 'ERROR')
  if (errors.length === 0) return
  throw apiError(
    ErrorCode.conflictingState,
    `${connection.name} was not enabled, as its check found what keeps it from working. ${errors
      .map(({ what, cause, remedy }) => `${what} ${cause} ${remedy}`)
      .join(' ')} To enable it all the same, give the reason with force.`,
    { findings: errors },
  )
}

/** Whether both systems answer, to us, with their tables. */
async function findingsOf(
  context: ApiContext,
  { id, ...connection }: Connection,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    [Side.local, Side.integration].map(async (side) => {
      const { failure } = await tryToReadTables(context, { connectionId: id, side, table: null })
      if (failure === null) return null
      const { kind } = side === Side.local ? connection.localSystem : connection.integrationSystem
      return {
        code: failure.errorClass,
        severity: 'ERROR',
        side,
        what: failure.message.includes(systemCaption(kind))
          ? failure.message
          : `${systemCaption(kind)}: ${failure.message}`,
        cause: failure.cause,
        remedy: failure.remedy,
        evidence: failure.status === undefined ? null : `HTTP ${failure.status}`,
        correlationIds: [],
        link: null,
      } satisfies Finding
    }),
  )
  return found.filter((finding) => finding !== null)
}
