import { bringsKey, holdsWhatWasSent, keyIsTaken } from '../../domain/natural-key.js'
import type { ReadById, RecordSnapshot } from '../../domain/record.js'
import type { WriteRequest, WriteResult } from '../connector.js'
import { ConnectorError } from '../connector.js'
import { isJsonObject } from '../http/exact-json.js'
import type { Verdict } from '../http/verdict.js'
import type { Look, PreparedWrite } from '../http/write-in-chunks.js'
import { unknown } from '../http/write-in-chunks.js'
import { readError, rowOf, toConnectorError, translateError } from './errors.js'
import { readMatching, testsOfValue } from './matching.js'
import type { OperationAnswer } from './operations.js'
import { isSuccess } from './operations.js'
import { readByIds } from './reads.js'
import { readRecords } from './rows.js'
import type { ODataWrites } from './write-protocol.js'
import { readId } from './wire.js'

/**
 * What the answers of a call mean, one verdict a write. What an answer does not tell is asked for right behind it: the record after a
 * success without a body, and after a refusal whether the record is there, gone or another. Throws {@link ConnectorError} never: what
 * cannot be read stays unknown.
 */
export async function judgeAnswers(
  context: ODataWrites,
  writes: readonly PreparedWrite[],
  answers: readonly (OperationAnswer | undefined)[],
  look: Look,
): Promise<readonly Verdict[]> {
  const first = writes.map((write, index) => judge(context, write, answers[index]))
  const doubtful = first.flatMap((verdict, index) => (verdict.kind === 'ask' ? [{ verdict, index }] : []))
  const asked = await lookAt(
    context,
    doubtful.map(({ verdict }) => verdict),
    look,
  )
  const settled = new Map(doubtful.map(({ index }, place) => [index, asked[place] as Verdict]))
  return first.map((verdict, index) => (verdict.kind === 'ask' ? (settled.get(index) as Verdict) : verdict))
}

/** An answer that has to be completed by a look at the record. */
interface Question {
  readonly kind: 'ask'
  readonly write: PreparedWrite
  /** Of the record, as far as the answer tells; null: it is looked for by its assigned key. */
  readonly id: string | null
  /** What the look means. */
  readonly conclude: (read: ReadById) => Verdict
  /** Where the look fails. */
  readonly otherwise: Verdict
}

function judge(
  context: ODataWrites,
  write: PreparedWrite,
  answer: OperationAnswer | undefined,
): Verdict | Question {
  const { request } = write
  if (answer === undefined) return resultOf(unknown(write, 'The batch answer holds nothing for this item.'))
  if (isSuccess(answer.status)) return judgeSuccess(context, write, answer)
  const error = readError(answer)
  const refusal = refusalOf(context, write, answer)
  const { status } = answer
  if (request.kind === 'create') {
    if (status === 412) return resultOf({ kind: 'exists', ref: request.ref })
    // A service that fails over a key that is there already says so in its own way.
    if (![400, 409, 422, 500].includes(status)) return refusal
    return ask(write, request.id, refusal, (read) => {
      if (read.kind !== 'found') return refusal
      const mayBeOurs = holdsWhatWasSent(context.table, request.values, read.record)
      // Taken for another's, it would be created once more under a further key.
      if (status === 500 && request.id === null && mayBeOurs)
        return resultOf(unknown(write, `${error.message} A record that holds what was sent is there.`))
      if (request.id !== null && !mayBeOurs && bringsKey(context.table, request.values))
        return resultOf({
          kind: 'refused',
          ref: request.ref,
          failure: keyIsTaken(context.table, request.id, status),
        })
      return resultOf({ kind: 'exists', ref: request.ref })
    })
  }
  if (status === 412) return resultOf({ kind: 'stale', ref: request.ref })
  // It may speak of a record that is referred to.
  if (status === 404 || status === 410)
    return ask(write, request.id, refusal, (read) => goneOr(read, request, asRecord(context, write, answer)))
  if (status === 409 || (status === 500 && error.isOwn))
    return ask(write, request.id, refusal, (read) => goneOr(read, request, refusal))
  return refusal
}

function goneOr(
  read: ReadById,
  { ref, ...request }: Exclude<WriteRequest, { kind: 'create' }>,
  refusal: Verdict,
): Verdict {
  if (read.kind === 'gone') return resultOf({ kind: 'gone', ref })
  const isOther = read.kind === 'found' && read.record.version !== request.version
  return isOther ? resultOf({ kind: 'stale', ref }) : refusal
}

/** A 404 over a record that is there: something that it refers to is not. */
function asRecord({ table }: ODataWrites, write: PreparedWrite, answer: OperationAnswer): Verdict {
  const failure = translateError({ ...readError(answer), status: 400 }, table)
  return resultOf({ kind: 'refused', ref: write.request.ref, failure: { ...failure, status: answer.status } })
}

/** By the error table. A failure that the service does not tell of itself may come from a gateway, behind which the write landed. */
function refusalOf({ service, table }: ODataWrites, write: PreparedWrite, answer: OperationAnswer): Verdict {
  const error = readError(answer)
  switch (rowOf(error).scope) {
    case 'passing':
      return answer.status === 429 || answer.status === 503
        ? { kind: 'stopped', error: toConnectorError(answer, service.now()) }
        : resultOf(unknown(write, error.message))
    case 'system':
      return { kind: 'stopped', error: toConnectorError(answer, service.now()) }
    case 'permission':
      return { kind: 'denied', failure: translateError(error, table), tableWide: false }
    case 'record':
      return answer.status >= 500 && !error.isOwn
        ? resultOf(unknown(write, error.message))
        : resultOf({ kind: 'refused', ref: write.request.ref, failure: translateError(error, table) })
  }
}

function judgeSuccess(
  context: ODataWrites,
  write: PreparedWrite,
  answer: OperationAnswer,
): Verdict | Question {
  const { request } = write
  const { service, table, returnFields } = context
  if (request.kind === 'delete') return resultOf({ kind: 'deleted', ref: request.ref })
  const row = isJsonObject(answer.body) ? answer.body : null
  const id = request.id ?? (row === null ? idIn(answer) : readId(table, row))
  // Without an ETag the version is made of all that is read, and an answer need not hold all of that.
  if (row !== null && typeof row['@odata.etag'] === 'string' && readId(table, row) !== null) {
    const record = recordOf(() => readRecords(service, table, returnFields, [row], false)[0])
    if (record !== null && hasAll(record, returnFields))
      return resultOf({ kind: 'written', ref: request.ref, record })
  }
  const lost = unknown(write, 'It was accepted, but the answer holds no record, and it could not be read.')
  return ask(write, id, resultOf(lost), (read) => {
    if (read.kind === 'found') return resultOf({ kind: 'written', ref: request.ref, record: read.record })
    // Some services take a change of a record that is not there for done.
    return resultOf(
      read.kind === 'gone' && request.kind === 'update' ? { kind: 'gone', ref: request.ref } : lost,
    )
  })
}

function hasAll(record: RecordSnapshot, fields: readonly string[]): boolean {
  return fields.every((field) => record.values[field] !== undefined)
}

function recordOf(read: () => RecordSnapshot | undefined): RecordSnapshot | null {
  try {
    return read() ?? null
  } catch (error) {
    if (error instanceof ConnectorError) return null
    throw error
  }
}

/** The id of a record that was made, where the answer has its address only. */
function idIn({ headers }: OperationAnswer): string | null {
  const address = headers['odata-entityid'] ?? headers['location'] ?? ''
  const predicate = /\(([^/(),=]+)\)$/.exec(address)?.[1]
  if (predicate === undefined) return null
  const literal = decodeURIComponent(predicate)
  const text = /^'(.*)'$/s.exec(literal)?.[1]
  return text === undefined ? literal.toLowerCase() : text.replaceAll("''", "'")
}

/** Looks at all records in question at once; one that nothing leads to, or whose look fails, keeps its other verdict. */
async function lookAt(
  context: ODataWrites,
  questions: readonly Question[],
  look: Look,
): Promise<readonly Verdict[]> {
  const { service, table, returnFields } = context
  const byId = questions.flatMap(({ id }) => (id === null ? [] : [id]))
  try {
    const reads = await readByIds(service, look, table, returnFields, byId)
    const known = new Map(byId.map((id, index) => [id, reads[index]]))
    const byKey = await readByKey(
      context,
      questions.filter(({ id }) => id === null),
      look,
    )
    return questions.map((question) => {
      const read = question.id === null ? byKey.get(question) : known.get(question.id)
      return read === undefined ? question.otherwise : question.conclude(read)
    })
  } catch (error) {
    if (error instanceof ConnectorError) return questions.map((question) => question.otherwise)
    throw error
  }
}

/** The records with the keys that we assigned. */
async function readByKey(
  { service, table, returnFields }: ODataWrites,
  questions: readonly Question[],
  look: Look,
): Promise<ReadonlyMap<Question, ReadById>> {
  const field = table.assignedKey?.field
  if (field === undefined || questions.length === 0) return new Map()
  const keyOf = ({ write: { request } }: Question): string | null => {
    const key = request.kind === 'create' ? request.values[field] : null
    return typeof key === 'string' ? key : null
  }
  const keys = questions.map(keyOf).filter((key) => key !== null)
  const tests = keys.flatMap((key) => testsOfValue(table, field, key) ?? [])
  const read = [...new Set([...returnFields, field])]
  const records = (await readMatching(service, look, table, read, tests, field)) ?? []
  return new Map(
    questions.flatMap((question) => {
      const record = records.find((candidate) => candidate.values[field] === keyOf(question))
      return record === undefined ? [] : [[question, { kind: 'found', record }] as const]
    }),
  )
}

function ask(
  write: PreparedWrite,
  id: string | null,
  otherwise: Verdict,
  conclude: (read: ReadById) => Verdict,
): Question {
  return { kind: 'ask', write, id, conclude, otherwise }
}

function resultOf(result: WriteResult): Verdict {
  return { kind: 'result', result }
}
