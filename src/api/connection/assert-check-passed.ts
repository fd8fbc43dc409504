import type { Connection } from '../../persistence/entities/connection.js'
import { checkConnection, hasErrors } from '../check/check-connection.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'

/**
 * Has the connection checked as it is set up now. Throws CONFLICTING_STATE with `extensions.findings` where something is found that
 * keeps it from working; ENGINE_UNAVAILABLE where no worker can check, SYSTEM_FAILURE where the check itself failed.
 */
export async function assertCheckPassed(context: ApiContext, { id, name }: Connection): Promise<void> {
  const check = await checkConnection(context, id, context.principal.name)
  if (!hasErrors(check)) return
  const errors = check.findings.filter(({ severity }) => severity === 'ERROR')
  throw apiError(
    ErrorCode.conflictingState,
    [
      `${name} was not enabled, as its check found what keeps it from working.`,
      ...errors.map(
        ({ code, what, cause, remedy }) => `- ${code}: ${what}\n  Cause: ${cause}\n  Remedy: ${remedy}`,
      ),
      'To enable it all the same, give the reason with force.',
    ].join('\n'),
    { findings: errors },
  )
}
