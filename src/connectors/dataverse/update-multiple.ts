import type { WriteResult } from '../connector.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import type {
  BulkProtocol,
  Confirmed,
  Look,
  LookingProtocol,
  PreparedWrite,
} from '../http/write-in-chunks.js'
import { notSent, unknown } from '../http/write-in-chunks.js'
import {
  BulkMessage,
  composeMessage,
  goTogether,
  idOf,
  mayHaveLanded,
  readWritten,
  resultsByReading,
} from './bulk-messages.js'
import { readError, toConnectorError } from './errors.js'
import { readRecord } from './wire.js'
import type { DataverseWrites } from './write-protocol.js'

const MODIFIED_BY = '_modifiedby_value'

/**
 * Updates that go together by `UpdateMultiple`; everything else as before. The message takes no version: the records are read right before
 * the call, and only those that are as they were compared are sent, so an edit in the moment between is overwritten. It is all or
 * nothing: a call that is refused is sent again as a batch, in which each record stands for itself and carries its version. It answers
 * with nothing, so the records are read; one that somebody else (not `us`, a user's id) has changed meanwhile is asked for later.
 */
export function withUpdateMultiple(
  inner: BulkProtocol | LookingProtocol,
  context: DataverseWrites,
  logicalName: string,
  us: string,
): LookingProtocol {
  const interpretInner: LookingProtocol['interpret'] = async (response, writes, look) =>
    'confirm' in inner ? inner.interpret(response, writes, look) : inner.interpret(response, writes)
  return {
    ...inner,
    compose: (writes) =>
      goTogether(writes, 'update')
        ? composeMessage(context, BulkMessage.update, logicalName, writes)
        : inner.compose(writes),
    async confirm(writes, look) {
      if (goTogether(writes, 'update')) return confirm(context, writes, look)
      return 'confirm' in inner ? inner.confirm(writes, look) : { ready: writes, results: [] }
    },
    async interpret(response, writes, look) {
      const { status } = response
      if (!goTogether(writes, 'update')) return interpretInner(response, writes, look)
      if (status >= 200 && status <= 299) {
        const judge = (write: PreparedWrite, row: ExactJsonObject) => resultOf(context, us, write, row)
        return { results: await resultsByReading(context, writes, [MODIFIED_BY], look, judge), stop: null }
      }
      if (mayHaveLanded(status)) return interpretInner(response, writes, look)
      return { results: writes.map(notSent), stop: null, singly: true }
    },
  }
}

/** One bulk read of the versions. What is not shown to us is decided anew, which tells gone from forbidden. */
async function confirm(
  context: DataverseWrites,
  writes: readonly PreparedWrite[],
  look: Look,
): Promise<Confirmed> {
  const bare = { ...context, returnFields: [] }
  const { response, rows } = await readWritten(bare, writes, [], look)
  if (response.status !== 200)
    throw toConnectorError(readError(response.status, response.text), response.headers, context.now())
  const results: WriteResult[] = []
  const ready = writes.filter(({ request }) => {
    if (request.kind === 'create') return true
    const row = rows.get(idOf(request).toLowerCase())
    if (row !== undefined && row['@odata.etag'] === request.version) return true
    results.push({ kind: row === undefined ? 'gone' : 'stale', ref: request.ref })
    return false
  })
  return { ready, results }
}

function resultOf(
  { table, returnFields }: DataverseWrites,
  us: string,
  write: PreparedWrite,
  row: ExactJsonObject,
): WriteResult {
  const by = row[MODIFIED_BY]
  if (typeof by !== 'string' || by.toLowerCase() !== us)
    return unknown(write, 'It was updated, and changed by somebody else before it was read.')
  return { kind: 'written', ref: write.request.ref, record: readRecord(table, returnFields, row) }
}
