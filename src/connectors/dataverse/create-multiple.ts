import type { ExactJsonObject } from '../http/exact-json.js'
import type { WriteResult } from '../connector.js'
import type { BulkProtocol, LookingProtocol, PreparedWrite } from '../http/write-in-chunks.js'
import { notSent, unknown } from '../http/write-in-chunks.js'
import { BulkMessage, composeMessage, goTogether, mayHaveLanded, resultsByReading } from './bulk-messages.js'
import { readRecord } from './wire.js'
import type { DataverseWrites } from './write-protocol.js'

/** A record in which the first two are equal, and the last two, was not touched since it was made. */
const ORIGIN = ['createdon', 'modifiedon', '_createdby_value', '_modifiedby_value'] as const

/**
 * Creations that go together by `CreateMultiple`, under our own ids; everything else as before. It is all or nothing: a call that is refused
 * is sent again as a batch, in which each record stands for itself. It answers with ids alone, so the records are read; one that somebody
 * has changed meanwhile is not taken for what we wrote, and is asked for later.
 */
export function withCreateMultiple(
  batch: BulkProtocol,
  context: DataverseWrites,
  logicalName: string,
): LookingProtocol {
  return {
    ...batch,
    compose: (writes) =>
      goTogether(writes, 'create')
        ? composeMessage(context, BulkMessage.create, logicalName, writes)
        : batch.compose(writes),
    confirm: (writes) => Promise.resolve({ ready: writes, results: [] }),
    async interpret(response, writes, look) {
      const { status } = response
      if (!goTogether(writes, 'create')) return batch.interpret(response, writes)
      if (status >= 200 && status <= 299) {
        const judge = (write: PreparedWrite, row: ExactJsonObject) => resultOf(context, write, row)
        return { results: await resultsByReading(context, writes, ORIGIN, look, judge), stop: null }
      }
      if (mayHaveLanded(status)) return batch.interpret(response, writes)
      return { results: writes.map(notSent), stop: null, singly: true }
    },
  }
}

function resultOf(
  { table, returnFields }: DataverseWrites,
  write: PreparedWrite,
  row: ExactJsonObject,
): WriteResult {
  const [createdOn, modifiedOn, createdBy, modifiedBy] = ORIGIN.map((name) => row[name])
  if (createdOn !== modifiedOn || createdBy !== modifiedBy)
    return unknown(write, 'It was created, and changed by somebody else before it was read.')
  return { kind: 'written', ref: write.request.ref, record: readRecord(table, returnFields, row) }
}
