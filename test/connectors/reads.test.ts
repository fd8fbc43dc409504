import { describe, expect, test } from 'vitest'
import { failureOf } from './support/failures.js'
import type { BatchedAnswer, BatchedRequest, Rig } from './support/rig.js'
import { answerBatch, BUSINESS_CENTRAL, DATAVERSE, idOf, SYSTEMS, withRig } from './support/rig.js'
import type { ReceivedRequest, ScriptedAnswer } from './support/scripted-server.js'

const STAMP = '2026-01-01T00:00:00Z'
const row = (id: string): object => ({
  id,
  accountid: id,
  '@odata.etag': 'W/"1"',
  lastModifiedDateTime: STAMP,
  modifiedon: STAMP,
})
const record = (id: string): object => ({ id, version: 'W/"1"', stamp: Date.parse(STAMP), values: {} })
const isList = (url: string): boolean => url.includes('$filter=')
const idsIn = (url: string): readonly string[] => url.match(/f2a5738a-[0-9a-f-]{27}/g) ?? []
const error = (code: string): object => ({ error: { code, message: `Told ${code}.` } })

/** A server whose lists show `visible`, and that answers reads by id as `single` says. */
function serving(
  visible: ReadonlySet<string>,
  single: (id: string) => BatchedAnswer,
  seen: BatchedRequest[] = [],
): (request: ReceivedRequest) => ScriptedAnswer {
  return (request) =>
    answerBatch(request, (item) => {
      seen.push(item)
      const ids = idsIn(item.url)
      if (!isList(item.url)) return single(ids[0] ?? '')
      return { status: 200, body: { value: ids.filter((id) => visible.has(id)).map(row) } }
    })
}

describe.each(SYSTEMS)('reading by id from %s', (...system) => {
  const read = ({ connector, table }: Rig, ids: readonly string[]): ReturnType<typeof connector.readByIds> =>
    connector.readByIds(table, [], ids)

  test('one answer for every id, in the order asked; ids in any case and twice', async () => {
    const seen: BatchedRequest[] = []
    await withRig(
      system,
      serving(new Set([idOf(1), idOf(2)]), () => ({ status: 404 }), seen),
      async (rig) => {
        expect(await read(rig, [idOf(2), idOf(1).toUpperCase(), idOf(3), idOf(2)])).toEqual([
          { kind: 'found', record: record(idOf(2)) },
          { kind: 'found', record: record(idOf(1)) },
          { kind: 'gone', id: idOf(3) },
          { kind: 'found', record: record(idOf(2)) },
        ])
        expect(seen.map((item) => idsIn(item.url).length)).toEqual([3, 1])
      },
    )
  })

  test('no ids, no call', async () => {
    await withRig(
      system,
      serving(new Set(), () => ({ status: 404 })),
      async (rig) => {
        expect(await read(rig, [])).toEqual([])
        expect(rig.server.requests).toEqual([])
      },
    )
  })

  test('thousands of ids go in a few calls', async () => {
    const ids = Array.from({ length: 5000 }, (_, index) => idOf(index))
    await withRig(
      system,
      serving(new Set(ids), () => ({ status: 404 })),
      async (rig) => {
        const found = await read(rig, ids)
        expect(found.every((answer) => answer.kind === 'found')).toBe(true)
        expect(rig.server.requests.length).toBeLessThanOrEqual(7)
      },
    )
  })

  test('what no list shows is gone only if it is not found by itself', async () => {
    const answers: Record<string, BatchedAnswer> = {
      [idOf(1)]: { status: 404, body: error('Internal_RecordNotFound') },
      [idOf(2)]: { status: 403, body: error('Authorization_Denied') },
      [idOf(3)]: { status: 200, body: row(idOf(3)) },
    }
    await withRig(
      system,
      serving(new Set(), (id) => answers[id] ?? { status: 404 }),
      async (rig) => {
        expect(await read(rig, [idOf(1), idOf(2), idOf(3)])).toEqual([
          { kind: 'gone', id: idOf(1) },
          { kind: 'forbidden', id: idOf(2), message: 'Told Authorization_Denied.' },
          { kind: 'found', record: record(idOf(3)) },
        ])
      },
    )
  })

  test.each([
    [{ status: 429 }, 'THROTTLED'],
    [{ status: 503 }, 'UNAVAILABLE'],
    [{ status: 500 }, 'UNAVAILABLE'],
    [{ status: 400, body: error('BadRequest') }, 'UNEXPECTED'],
  ])('%j to one of the reads by id is no answer about it', async (answer, errorClass) => {
    await withRig(
      system,
      serving(new Set(), () => answer),
      async (rig) => {
        expect((await failureOf(read(rig, [idOf(1)]))).failure.errorClass).toBe(errorClass)
      },
    )
  })

  test('a list that is refused is a failure of the system', async () => {
    const refuse = (request: ReceivedRequest): ScriptedAnswer =>
      answerBatch(request, () => ({ status: 403, body: error('0x80040220') }))
    await withRig(system, refuse, async (rig) => {
      expect((await failureOf(read(rig, [idOf(1)]))).failure.errorClass).toBe('PERMISSION')
    })
  })

  test('an answer in which a part is missing is none', async () => {
    const none = (request: ReceivedRequest): ScriptedAnswer => {
      const { headers, body } = answerBatch(
        { ...request, body: request.body.replaceAll('GET ', 'PUT ') },
        () => ({ status: 200 }),
      )
      return headers === undefined ? { body: '{"responses":[]}' } : { headers, body: body ?? '' }
    }
    await withRig(system, none, async (rig) => {
      expect((await failureOf(read(rig, [idOf(1)]))).failure.errorClass).toBe('UNEXPECTED')
    })
  })
})

test('a company that is not found is no deleted record', async () => {
  const single = (): BatchedAnswer => ({ status: 404, body: error('Internal_CompanyNotFound') })
  await withRig(BUSINESS_CENTRAL, serving(new Set(), single), async ({ connector, table }) => {
    expect((await failureOf(connector.readByIds(table, [], [idOf(1)]))).failure.errorClass).toBe('SETUP')
  })
})

describe('reading by value', () => {
  async function filtersOf(
    system: typeof BUSINESS_CENTRAL,
    field: string,
    values: readonly string[],
  ): Promise<readonly string[]> {
    const seen: BatchedRequest[] = []
    await withRig(
      system,
      serving(new Set(), () => ({ status: 404 }), seen),
      async ({ connector, table }) => {
        expect(await connector.readByValues(table, [], field, values)).toEqual([])
      },
    )
    return seen.map((item) => item.url.slice(item.url.indexOf('$filter=') + '$filter='.length))
  }

  test.each([
    [
      'codes as they are stored',
      'number',
      ["o'neil ", 'straße'],
      ["number eq 'O''NEIL' or number eq 'STRAßE'"],
    ],
    ['text without case', 'displayName', ["O'Neil & Co"], ["tolower(displayName) eq 'o''neil & co'"]],
    [
      'text beyond ASCII also as given',
      'displayName',
      ['Ärger'],
      [
        "tolower(displayName) eq 'ärger' or displayName eq 'Ärger' or tolower(displayName) eq 'a\u0308rger' or displayName eq 'A\u0308rger'",
      ],
    ],
    ['a lookup', 'currencyId', [idOf(1)], [`currencyId eq ${idOf(1)}`]],
    ['an option', 'blocked', ['Ship'], ["blocked eq 'Ship'"]],
    ['the key', 'id', [idOf(1)], [`id eq ${idOf(1)}`]],
    ['what no system can hold is not asked for', 'displayName', ['\0', '\ud800'], []],
    ['nothing', 'displayName', [], []],
  ])('Business Central: %s', async (_what, field, values, filters) => {
    expect(await filtersOf(BUSINESS_CENTRAL, field, values)).toEqual(filters)
  })

  test.each([
    [
      'text',
      'name',
      ["O'Neil & Co", '[#1]?/+%"\\'],
      [
        String.raw`Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=["O\u0027Neil & Co","\u005b#1\u005d?/+%\"\\"])`,
      ],
    ],
    [
      'a lookup',
      'transactioncurrencyid',
      [idOf(1)],
      [`Microsoft.Dynamics.CRM.In(PropertyName='transactioncurrencyid',PropertyValues=["${idOf(1)}"])`],
    ],
    ['what no system can hold is not asked for', 'name', ['\0', '\udfff'], []],
  ])('Dataverse: %s', async (_what, field, values, filters) => {
    expect(await filtersOf(DATAVERSE, field, values)).toEqual(filters)
  })

  test('no filter grows beyond what a URL may have', async () => {
    const values = Array.from({ length: 2000 }, (_, index) => `${'ä'.repeat(80)}${index}`)
    for (const [system, field] of [
      [BUSINESS_CENTRAL, 'displayName'],
      [DATAVERSE, 'name'],
    ] as const) {
      const filters = await filtersOf(system, field, values)
      expect(Math.max(...filters.map((filter) => encodeURIComponent(filter).length))).toBeLessThan(60_000)
    }
  })

  test.each(SYSTEMS)(
    '%s: a list of several pages is read to its end, a record found twice counts once',
    async (...system) => {
      const script = (request: ReceivedRequest): ScriptedAnswer => {
        const next = `http://${request.headers.host}${system[2]}/x?$skiptoken=1`
        if (!request.path.endsWith('/$batch'))
          return { body: JSON.stringify({ value: [row(idOf(1)), row(idOf(2))] }) }
        return answerBatch(request, () => ({
          status: 200,
          body: { value: [row(idOf(1))], '@odata.nextLink': next },
        }))
      }
      await withRig(system, script, async ({ connector, table }) => {
        const found = await connector.readByValues(table, [], table.nameField, ['A'])
        expect(found).toEqual([record(idOf(1)), record(idOf(2))])
      })
    },
  )
})
