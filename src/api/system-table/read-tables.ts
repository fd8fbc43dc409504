import type { Failure } from '../../domain/failure.js'
import type { DescribeTablesInput } from '../../workflows/messages.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { systemFailure } from '../system-failure.js'

/** How long an answer waits for a system's metadata, milliseconds. */
const LONGEST_WAIT = 25_000

/** What became of a reading; `failure`: why the system could not be read. */
export interface TablesRead {
  readonly failure: Failure | null
}

/** Has a worker read metadata into the database. Throws ENGINE_UNAVAILABLE also where that takes too long. */
export async function tryToReadTables(context: ApiContext, input: DescribeTablesInput): Promise<TablesRead> {
  let result: TablesRead | null
  try {
    result = await context.tableReader.read(input, LONGEST_WAIT)
  } catch (error) {
    context.logger.error({ err: error }, 'Temporal could not be reached')
    throw apiError(
      ErrorCode.engineUnavailable,
      "Temporal cannot be reached, so no worker can read a system's tables. Start Temporal and a worker, then ask again.",
    )
  }
  if (result !== null) return result
  throw apiError(
    ErrorCode.engineUnavailable,
    `No worker has read the tables within ${LONGEST_WAIT / 1000} seconds. Start a worker if none runs; the reading goes on, so ask again in a while.`,
  )
}

/** The same. Throws SYSTEM_FAILURE with class, cause and remedy where the system could not be read. */
export async function readTables(context: ApiContext, input: DescribeTablesInput): Promise<void> {
  const { failure } = await tryToReadTables(context, input)
  if (failure !== null) throw systemFailure(failure)
}
