import { createHash, randomUUID } from 'node:crypto'
import type { Connector, WriteRequest, WriteResult } from '../../../src/connectors/connector.js'
import { ConnectorError } from '../../../src/connectors/connector.js'
import { countMatching } from '../../../src/connectors/http/count-matching.js'
import type { RecordSnapshot } from '../../../src/domain/record.js'
import type { TableDefinition } from '../../../src/domain/schema.js'
import { foldCase } from '../../../src/domain/text.js'
import type { Values } from '../../../src/domain/value.js'

/** Notes in memory: the smallest system there can be. It lets us choose the ids and stamps every change. */
export interface NoteStore {
  readonly rows: Map<string, { readonly values: Values; readonly changedAt: number }>
}

const LONGEST_TITLE = 100
const PAGE = 500

export const NOTES: TableDefinition = {
  system: 'ODATA',
  name: 'notes',
  caption: 'Note',
  keyField: 'id',
  stampField: 'changedAt',
  stampResolution: 1,
  nameField: 'title',
  page: '',
  fields: [
    { name: 'title', caption: 'Title', type: { kind: 'text', maxLength: LONGEST_TITLE } },
    { name: 'place', caption: 'Place', type: { kind: 'text', maxLength: LONGEST_TITLE } },
    { name: 'price', caption: 'Price', type: { kind: 'decimal', scale: 2, nullable: true } },
    { name: 'number', caption: 'Number', type: { kind: 'text', maxLength: 20 } },
  ],
}

/** A connector to the notes. What it does is all that {@link Connector} asks for; test/connectors/contract holds it to that. */
export function createNoteConnector({ rows }: NoteStore, now: () => number = Date.now): Connector {
  function recordOf(id: string, fields: readonly string[]): RecordSnapshot | null {
    const row = rows.get(id)
    if (row === undefined) return null
    // Exactly the fields asked for: absent is never blank.
    const values = Object.fromEntries(fields.map((name) => [name, row.values[name] ?? null]))
    // Equal versions mean an unchanged record, whichever fields were asked for.
    const version = createHash('sha256')
      .update(JSON.stringify([row.values, row.changedAt]))
      .digest('hex')
    return { id, version, stamp: row.changedAt, values }
  }

  function records(fields: readonly string[]): readonly RecordSnapshot[] {
    return [...rows.keys()].toSorted().flatMap((id) => recordOf(id, fields) ?? [])
  }

  /** One request, judged by the version that it was based on: the system itself has to do this in one step. */
  function carryOut(request: WriteRequest, returnFields: readonly string[]): WriteResult {
    const { ref } = request
    const id = request.id ?? ''
    const before = recordOf(id, [])
    if (request.kind === 'create' && before !== null) return { kind: 'exists', ref }
    if (request.kind !== 'create' && before === null) return { kind: 'gone', ref }
    if (request.kind !== 'create' && before?.version !== request.version) return { kind: 'stale', ref }
    if (request.kind === 'delete') {
      rows.delete(id)
      return { kind: 'deleted', ref }
    }
    if (String(request.values['title'] ?? '').length > LONGEST_TITLE)
      return { kind: 'refused', ref, failure: TOO_LONG }
    rows.set(id, { values: { ...rows.get(id)?.values, ...request.values }, changedAt: now() })
    const record = recordOf(id, returnFields)
    if (record === null) throw new Error('What was just written is there.')
    return { kind: 'written', ref, record }
  }

  const connector: Connector = {
    kind: NOTES.system,
    creation: () => 'clientId',
    newIds: (_table, values) => Promise.resolve(values.map(() => randomUUID())),
    changeFeed: () => 'stamp',
    recordsPerCall: PAGE,
    maximumFlight: 1_000,
    readClock: () => Promise.resolve({ at: now(), readAt: now() }),

    readChanges({ fields, from, pageSize }) {
      // `next` is ours to make up: here it says where the page begins, and since when.
      const [start, mark] =
        from.kind === 'next'
          ? (JSON.parse(from.next) as [number, number])
          : [0, from.kind === 'stamp' ? from.atOrAfter : 0]
      const changed = records(fields).filter((record) => record.stamp >= mark)
      const end = start + pageSize
      return Promise.resolve({
        changes: changed.slice(start, end).map((record) => ({ kind: 'changed', record })),
        next: end < changed.length ? JSON.stringify([end, mark]) : null,
        token: null,
      })
    },

    readByIds: (_table, fields, ids) =>
      Promise.resolve(
        ids.map((id) => {
          const record = recordOf(id, fields)
          return record === null ? { kind: 'gone', id } : { kind: 'found', record }
        }),
      ),

    readByValues(_table, fields, field, values) {
      const wanted = new Set(values.map(foldCase))
      const found = records([field]).filter((record) => wanted.has(foldCase(String(record.values[field]))))
      return Promise.resolve(found.flatMap(({ id }) => recordOf(id, fields) ?? []))
    },

    readIds: () => Promise.resolve({ ids: [...rows.keys()], next: null }),
    countRecords: (table, filter) => countMatching(connector.readChanges, table, filter, PAGE),
    listTables: () => Promise.resolve([{ name: NOTES.name, caption: NOTES.caption }]),

    describeTable: (name) =>
      name === NOTES.name ? Promise.resolve(NOTES) : Promise.reject(noSuchTable(name)),

    async write(_table, requests, { beforeCall, onResults, returnFields, signal }) {
      signal?.throwIfAborted()
      const late = requests.filter((request) => request.deadline <= now())
      const live = requests.filter((request) => !late.includes(request))
      if (late.length > 0) await onResults(late.map(({ ref }) => ({ kind: 'notSent', ref })))
      if (live.length === 0) return
      // Announced before anything is sent, so that what was sent is known even if this process ends here.
      await beforeCall(live.map((request) => request.ref))
      await onResults(live.map((request) => carryOut(request, returnFields)))
    },

    check: () => Promise.resolve([]),
    hints: null,
    readFacts: () => Promise.resolve({ baseCurrency: null, localCurrencyCode: null }),
    recordUrl: (table, id) => `https://notes.example.com/${table.name}/${id}`,
    close: () => Promise.resolve(),
  }
  return connector
}

const TOO_LONG = {
  errorClass: 'VALIDATION',
  message: `A title has at most ${LONGEST_TITLE} characters.`,
  cause: 'The title is longer.',
  remedy: 'Shorten it.',
  field: 'title',
} as const

function noSuchTable(name: string): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message: `There is no table ${name}.`,
    cause: 'Only notes are kept here.',
    remedy: `Choose ${NOTES.name}.`,
  })
}
