import { describe, expect, test } from 'vitest'
import { createWriteProtocol as createBusinessCentralProtocol } from '../../src/connectors/business-central/write-protocol.js'
import type { WriteRequest } from '../../src/connectors/connector.js'
import { createWriteProtocol as createDataverseProtocol } from '../../src/connectors/dataverse/write-protocol.js'
import type { HttpResponse } from '../../src/connectors/http/transport.js'
import type { BulkProtocol, ChunkOutcome, PreparedWrite } from '../../src/connectors/http/write-in-chunks.js'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT, PRODUCT } from '../../src/domain/catalog/dataverse.js'

const ID = 'f2a5738a-44e3-ea11-bb43-000d3a2feca1'
const OTHER = '11111111-44e3-ea11-bb43-000d3a2feca1'
const STAMP = '2026-02-28T10:00:00Z'
const now = (): number => Date.UTC(2026, 1, 28)

const create = (ref: string, values = {}, id: string | null = ID): WriteRequest => ({
  kind: 'create',
  ref,
  id,
  values,
  deadline: Infinity,
})
const update = (ref: string, values = {}, id = ID): WriteRequest => ({
  kind: 'update',
  ref,
  id,
  version: 'W/"1"',
  values,
  deadline: Infinity,
})

const remove = (ref: string, id = ID): WriteRequest => ({
  kind: 'delete',
  ref,
  id,
  version: 'W/"1"',
  deadline: Infinity,
})

const businessCentral = createBusinessCentralProtocol({
  table: CUSTOMER,
  path: 'companies(c)/customers',
  batchUrl: 'https://bc.test/api/v2.0/$batch',
  headers: {},
  returnFields: ['displayName'],
  now,
})
const dataverse = createDataverseProtocol({
  table: ACCOUNT,
  url: 'https://org.test/api/data/v9.2',
  headers: {},
  returnFields: ['name'],
  now,
})

function prepare(protocol: BulkProtocol, requests: readonly WriteRequest[]): readonly PreparedWrite[] {
  return requests.map((request) => {
    const prepared = protocol.prepare(request)
    if ('failure' in prepared) throw new Error(prepared.failure.message)
    return prepared
  })
}

interface ItemAnswer {
  readonly status: number
  readonly body?: unknown
  readonly retryAfter?: number
}

const error = (code: string, message: string): unknown => ({ error: { code, message } })

function batchOf(items: readonly ItemAnswer[]): HttpResponse {
  const responses = items.map((item, index) => ({
    id: String(index),
    status: item.status,
    headers: item.retryAfter === undefined ? {} : { 'Retry-After': String(item.retryAfter) },
    body: item.body,
  }))
  return { status: 200, headers: {}, text: JSON.stringify({ responses }) }
}

function multipartOf(items: readonly ItemAnswer[]): HttpResponse {
  const parts = items.map((item) => {
    const retryAfter = item.retryAfter === undefined ? '' : `Retry-After: ${item.retryAfter}\r\n`
    const body = item.body === undefined ? '' : JSON.stringify(item.body)
    return `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${item.status} X\r\n${retryAfter}\r\n${body}\r\n`
  })
  return {
    status: 200,
    headers: { 'content-type': 'multipart/mixed; boundary=b' },
    text: `${parts.join('')}--b--\r\n`,
  }
}

const answerBusinessCentral = (requests: readonly WriteRequest[], ...items: ItemAnswer[]): ChunkOutcome =>
  businessCentral.interpret(batchOf(items), prepare(businessCentral, requests))
const answerDataverse = (requests: readonly WriteRequest[], ...items: ItemAnswer[]): ChunkOutcome =>
  dataverse.interpret(multipartOf(items), prepare(dataverse, requests))

const customer = { id: ID, '@odata.etag': 'W/"2"', displayName: 'A', lastModifiedDateTime: STAMP }
const account = { accountid: ID, '@odata.etag': 'W/"2"', name: 'A', modifiedon: STAMP }
const permissionText =
  'Sorry, the current permissions prevented the action. (TableData 18 Customer Modify: Base Application)  CorrelationId:  f2a5738a-44e3-ea11-bb43-000d3a2feca1.'
const privilegeText =
  "Principal user (Id=1, type=8, roleCount=1, privilegeCount=9, accessMode=4), is missing prvWriteAccount privilege (Id=2) on OTC=1 for entity 'account'"

interface Row {
  readonly what: string
  readonly request: WriteRequest
  readonly answer: ItemAnswer
  readonly result: object
  readonly stop?: object
}

const BUSINESS_CENTRAL_ROWS: readonly Row[] = [
  {
    what: 'deleted',
    request: remove('1'),
    answer: { status: 204 },
    result: { kind: 'deleted' },
  },
  {
    what: 'changed before it was to be deleted',
    request: remove('1'),
    answer: {
      status: 409,
      body: error('Request_EntityChanged', 'Another user has already changed the record.'),
    },
    result: { kind: 'stale' },
  },
  {
    what: 'deleted by somebody else',
    request: remove('1'),
    answer: { status: 404, body: error('Internal_RecordNotFound', 'The Customer does not exist.') },
    result: { kind: 'gone' },
  },
  {
    what: 'not to be deleted',
    request: remove('1'),
    answer: {
      status: 400,
      body: error('Application_DialogException', 'You cannot delete Customer 10000 because it has entries.'),
    },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION' } },
  },
  {
    what: 'updated',
    request: update('1'),
    answer: { status: 200, body: customer },
    result: {
      kind: 'written',
      record: { id: ID, version: 'W/"2"', stamp: Date.parse(STAMP), values: { displayName: 'A' } },
    },
  },
  {
    what: 'created',
    request: create('1'),
    answer: { status: 201, body: customer },
    result: { kind: 'written' },
  },
  {
    what: 'accepted without a record',
    request: update('1'),
    answer: { status: 204 },
    result: { kind: 'unknown' },
  },
  {
    what: 'stale',
    request: update('1'),
    answer: {
      status: 409,
      body: error('Request_EntityChanged', 'Another user has already changed the record.'),
    },
    result: { kind: 'stale' },
  },
  {
    what: 'stale as a proxy tells it',
    request: update('1'),
    answer: { status: 412 },
    result: { kind: 'stale' },
  },
  {
    what: 'stale by code, whatever the status',
    request: update('1'),
    answer: { status: 400, body: error('Request_EntityChanged', 'Changed.') },
    result: { kind: 'stale' },
  },
  {
    what: 'gone',
    request: update('1'),
    answer: { status: 404, body: error('Internal_RecordNotFound', 'The Customer does not exist.') },
    result: { kind: 'gone' },
  },
  {
    what: 'the assigned key is taken, 400',
    request: create('1', { number: 'S000001' }, null),
    answer: { status: 400, body: error('Internal_EntityWithSameKeyExists', 'The record already exists.') },
    result: { kind: 'exists' },
  },
  {
    what: 'the assigned key is taken, 409',
    request: create('1', { number: 'S000001' }, null),
    answer: { status: 409, body: error('Internal_EntityWithSameKeyExists', 'The record already exists.') },
    result: { kind: 'exists' },
  },
  {
    what: 'a key taken by a rename',
    request: update('1', { number: '10000' }),
    answer: { status: 400, body: error('Internal_EntityWithSameKeyExists', 'The record already exists.') },
    result: { kind: 'refused', failure: { errorClass: 'DUPLICATE' } },
  },
  {
    what: 'another 409',
    request: update('1'),
    answer: { status: 409, body: error('Something', 'Else.') },
    result: { kind: 'refused', failure: { errorClass: 'UNEXPECTED', message: 'Else.' } },
  },
  {
    what: 'a business rule, with the field and without the correlation id',
    request: update('1'),
    answer: {
      status: 400,
      body: error(
        'Application_DialogException',
        'The blank "displayName" is not allowed.  CorrelationId:  f2a5738a-44e3-ea11-bb43-000d3a2feca1.',
      ),
    },
    result: {
      kind: 'refused',
      failure: {
        errorClass: 'VALIDATION',
        message: 'The blank "displayName" is not allowed.',
        field: 'displayName',
        code: 'Application_DialogException',
        status: 400,
      },
    },
  },
  {
    what: 'too long: the field is the one of that length',
    request: update('1', { displayName: 'x'.repeat(57), city: 'Berlin' }),
    answer: {
      status: 400,
      body: error(
        'Application_StringExceededLength',
        'The length of the string is 57, but it must be less than or equal to 50 characters. Value: xxx',
      ),
    },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION', field: 'displayName' } },
  },
  {
    what: 'no such relation',
    request: update('1'),
    answer: {
      status: 400,
      body: error('Internal_InvalidTableRelation', 'The field Country contains a value (XX).'),
    },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION' } },
  },
  {
    what: 'a fault of the server on one record',
    request: update('1'),
    answer: { status: 500, body: error('Internal_ServerError', 'Oops.') },
    result: { kind: 'refused', failure: { errorClass: 'UNEXPECTED' } },
  },
  {
    what: 'a time limit on one record',
    request: update('1'),
    answer: { status: 504 },
    result: { kind: 'unknown' },
  },
  {
    what: 'throttled',
    request: update('1'),
    answer: {
      status: 429,
      body: error('Application_TooManyRequests', 'Too many requests reached.'),
      retryAfter: 3,
    },
    result: { kind: 'notSent' },
    stop: { failure: { errorClass: 'THROTTLED' }, retryAfter: 3000 },
  },
  {
    what: 'no right to the table',
    request: update('1'),
    answer: { status: 400, body: error('Internal_ServerError', permissionText) },
    result: { kind: 'notSent' },
    stop: {
      failure: {
        errorClass: 'PERMISSION',
        cause: 'The application lacks the right Modify on the table Customer.',
      },
    },
  },
  {
    what: 'another company',
    request: update('1'),
    answer: { status: 404, body: error('Internal_CompanyNotFound', 'No such company.') },
    result: { kind: 'notSent' },
    stop: { failure: { errorClass: 'SETUP' } },
  },
]

const DATAVERSE_ROWS: readonly Row[] = [
  {
    what: 'deleted',
    request: remove('1'),
    answer: { status: 204 },
    result: { kind: 'deleted' },
  },
  {
    what: 'changed before it was to be deleted',
    request: remove('1'),
    answer: { status: 412, body: error('0x80060882', "The version of the existing record doesn't match.") },
    result: { kind: 'stale' },
  },
  {
    what: 'deleted by somebody else',
    request: remove('1'),
    answer: { status: 404, body: error('0x80040217', `account With Id = ${ID} Does Not Exist`) },
    result: { kind: 'gone' },
  },
  {
    what: 'not to be deleted',
    request: remove('1'),
    answer: { status: 405, body: error('0x80040227', 'The record is associated with another one.') },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION' } },
  },
  {
    what: 'for an owner who is disabled',
    request: update('1', { ownerid: OTHER }),
    answer: { status: 403, body: error('0x80040225', 'The specified user is either disabled or ...') },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION', field: 'ownerid' } },
  },
  {
    what: 'by a user who is disabled',
    request: update('1', { name: 'A' }),
    answer: { status: 403, body: error('0x80040225', 'The specified user is either disabled or ...') },
    result: { kind: 'notSent' },
    stop: { failure: { errorClass: 'PERMISSION' } },
  },
  {
    what: 'updated',
    request: update('1'),
    answer: { status: 200, body: account },
    result: {
      kind: 'written',
      record: { id: ID, version: 'W/"2"', stamp: Date.parse(STAMP), values: { name: 'A' } },
    },
  },
  {
    what: 'created',
    request: create('1'),
    answer: { status: 201, body: account },
    result: { kind: 'written' },
  },
  {
    what: 'accepted without a record',
    request: update('1'),
    answer: { status: 204 },
    result: { kind: 'unknown' },
  },
  {
    what: 'stale',
    request: update('1'),
    answer: { status: 412, body: error('0x80060882', "The version of the existing record doesn't match.") },
    result: { kind: 'stale' },
  },
  { what: 'stale without a code', request: update('1'), answer: { status: 412 }, result: { kind: 'stale' } },
  {
    what: 'gone',
    request: update('1'),
    answer: { status: 404, body: error('0x80040217', `account With Id = ${ID} Does Not Exist`) },
    result: { kind: 'gone' },
  },
  {
    what: 'a record referred to is missing',
    request: update('1'),
    answer: {
      status: 404,
      body: error('0x80040217', `transactioncurrency With Id = ${OTHER} Does Not Exist`),
    },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION' } },
  },
  {
    what: 'the id is taken',
    request: create('1'),
    answer: { status: 412, body: error('0x80040237', 'A record with matching key values already exists.') },
    result: { kind: 'exists' },
  },
  {
    what: 'the id is taken, told as a mismatch',
    request: create('1'),
    answer: { status: 412, body: error('0x80060882', 'The version does not match.') },
    result: { kind: 'exists' },
  },
  {
    what: 'an alternate key is taken',
    request: create('1'),
    answer: { status: 412, body: error('0x80060892', 'Entity Key violated.') },
    result: { kind: 'refused', failure: { errorClass: 'DUPLICATE' } },
  },
  {
    what: 'duplicate detection',
    request: update('1'),
    answer: {
      status: 500,
      body: error('0x80040333', 'A record was not created or updated because a duplicate.'),
    },
    result: { kind: 'refused', failure: { errorClass: 'DUPLICATE' } },
  },
  {
    what: 'too long, with the field',
    request: update('1'),
    answer: {
      status: 400,
      body: error(
        '0x80044331',
        "The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'.",
      ),
    },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION', field: 'name' } },
  },
  {
    what: 'a plug-in refuses',
    request: update('1'),
    answer: { status: 400, body: error('0x80040265', 'Not on Fridays.') },
    result: { kind: 'refused', failure: { errorClass: 'VALIDATION', message: 'Not on Fridays.' } },
  },
  {
    what: 'one record that the user may not reach',
    request: update('1'),
    answer: { status: 403, body: error('0x80048306', 'Access denied.') },
    result: { kind: 'refused', failure: { errorClass: 'PERMISSION' } },
  },
  {
    what: 'no right to the table',
    request: update('1'),
    answer: { status: 403, body: error('0x80040220', privilegeText) },
    result: { kind: 'notSent' },
    stop: {
      failure: {
        errorClass: 'PERMISSION',
        cause: 'The role of the user lacks the privilege prvWriteAccount, or its depth.',
      },
    },
  },
  {
    what: 'no application user',
    request: update('1'),
    answer: { status: 403, body: error('0x80072560', 'The user is not a member of the organization.') },
    result: { kind: 'notSent' },
    stop: { failure: { errorClass: 'PERMISSION' } },
  },
  {
    what: 'throttled',
    request: update('1'),
    answer: { status: 429, body: error('0x80072322', 'Number of requests exceeded.'), retryAfter: 9 },
    result: { kind: 'notSent' },
    stop: { failure: { errorClass: 'THROTTLED' }, retryAfter: 9000 },
  },
]

describe.each([
  ['Business Central', answerBusinessCentral, BUSINESS_CENTRAL_ROWS],
  ['Dataverse', answerDataverse, DATAVERSE_ROWS],
] as const)('%s, one item', (_system, answerTo, rows) => {
  test.each(rows)('$what', ({ request, answer, result, stop }) => {
    const outcome = answerTo([request], answer)
    expect(outcome.results).toHaveLength(1)
    expect(outcome.results[0]).toMatchObject({ ref: '1', ...result })
    expect(outcome).toMatchObject({ stop: stop ?? null })
  })
})

describe('several items', () => {
  const denied = { status: 403, body: error('0x80040220', privilegeText) }
  const denial = { status: 403, body: error('0x80048306', 'Access denied.') }
  const fine = { status: 200, body: account }
  const kinds = (outcome: ChunkOutcome): readonly string[] => outcome.results.map((result) => result.kind)

  test('a right that only some records lack is a matter of those records', () => {
    const outcome = answerDataverse([update('1'), update('2')], denied, fine)
    expect(kinds(outcome)).toEqual(['refused', 'written'])
    expect(outcome.stop).toBeNull()
  })

  test('creations may all be denied while updates pass', () => {
    const outcome = answerDataverse([create('1'), update('2'), create('3')], denied, fine, denied)
    expect(kinds(outcome)).toEqual(['notSent', 'written', 'notSent'])
    expect(outcome.stop).toMatchObject({ failure: { errorClass: 'PERMISSION' } })
  })

  test('five of five that cannot be reached are no coincidence, four are', () => {
    const requests = ['1', '2', '3', '4', '5'].map((ref) => update(ref))
    expect(answerDataverse(requests, denial, denial, denial, denial, denial).stop).not.toBeNull()
    expect(answerDataverse(requests.slice(1), denial, denial, denial, denial).stop).toBeNull()
  })

  test('items without an answer are unknown', () => {
    expect(kinds(answerBusinessCentral([update('1'), update('2')], { status: 200, body: customer }))).toEqual(
      ['written', 'unknown'],
    )
    expect(kinds(answerDataverse([update('1'), update('2')], fine))).toEqual(['written', 'unknown'])
  })

  test('an answer that breaks off: what is whole counts', () => {
    const { text, ...rest } = multipartOf([fine, fine])
    const writes = prepare(dataverse, [update('1'), update('2')])
    const outcome = dataverse.interpret({ ...rest, text: text.slice(0, -20) }, writes)
    expect(kinds(outcome)).toEqual(['written', 'unknown'])
    expect(
      kinds(businessCentral.interpret({ status: 200, headers: {}, text: '{"responses":[' }, writes)),
    ).toEqual(['unknown', 'unknown'])
  })
})

describe.each([
  ['Business Central', businessCentral],
  ['Dataverse', dataverse],
] as const)('%s, the call as a whole', (_system, protocol) => {
  const whole = (status: number, text = '', headers = {}): ChunkOutcome =>
    protocol.interpret({ status, headers, text }, prepare(protocol, [update('1')]))

  test.each([
    [429, 'notSent', 'THROTTLED'],
    [401, 'notSent', 'SETUP'],
    [403, 'notSent', 'PERMISSION'],
    [400, 'notSent', 'UNEXPECTED'],
    [408, 'unknown', 'UNAVAILABLE'],
    [502, 'unknown', 'UNAVAILABLE'],
    [503, 'unknown', 'UNAVAILABLE'],
    [504, 'unknown', 'UNAVAILABLE'],
    [500, 'unknown', null],
  ])('%i', (status, kind, errorClass) => {
    const outcome = whole(status, '<html>', { 'retry-after': '2' })
    expect(outcome.results).toMatchObject([{ kind, ref: '1' }])
    expect(outcome).toMatchObject({
      stop: errorClass === null ? null : { failure: { errorClass }, retryAfter: 2000 },
    })
  })

  test('200 with a page of another kind', () => {
    expect(whole(200, '<html>').results).toMatchObject([{ kind: 'unknown' }])
  })
})

describe('what is sent', () => {
  test('Business Central', () => {
    const request = businessCentral.compose(
      prepare(businessCentral, [create('1', { displayName: 'A' }, null), update('2', { city: null })]),
    )
    expect(request).toMatchObject({ method: 'POST', url: 'https://bc.test/api/v2.0/$batch' })
    expect(request.headers['prefer']).toBe('odata.continue-on-error')
    expect(JSON.parse(request.body ?? '')).toMatchObject({
      requests: [
        { id: '0', method: 'POST', url: 'companies(c)/customers', body: { displayName: 'A' } },
        {
          id: '1',
          method: 'PATCH',
          url: `companies(c)/customers(${ID})`,
          headers: { 'If-Match': 'W/"1"' },
          body: { city: '' },
        },
      ],
    })
  })

  test('Dataverse', () => {
    const request = dataverse.compose(
      prepare(dataverse, [create('1', { name: 'A' }), update('2', { fax: null })]),
    )
    expect(request.headers['content-type']).toMatch(/^multipart\/mixed; boundary=batch_/)
    expect(request.body).toContain(
      `PATCH /api/data/v9.2/accounts(${ID})?$select=accountid,modifiedon,name HTTP/1.1`,
    )
    expect(request.body?.match(/If-None-Match: \*/g)).toHaveLength(1)
    expect(request.body?.match(/If-Match: W\/"1"/g)).toHaveLength(1)
    expect(request.body?.match(/Prefer: return=representation/g)).toHaveLength(2)
    expect(request.body).not.toContain('changeset')
  })

  test('deletions have no body, and the version that was compared', () => {
    const request = businessCentral.compose(prepare(businessCentral, [remove('1')]))
    expect(JSON.parse(request.body ?? '')).toEqual({
      requests: [
        {
          id: '0',
          method: 'DELETE',
          url: `companies(c)/customers(${ID})`,
          headers: { 'Accept-Language': 'en-US', 'If-Match': 'W/"1"' },
        },
      ],
    })
    const { body } = dataverse.compose(prepare(dataverse, [remove('1')]))
    expect(body).toContain(`DELETE /api/data/v9.2/accounts(${ID}) HTTP/1.1\r\n`)
    expect(body).toContain('If-Match: W/"1"')
  })

  test('what a creation may not hold follows it in the same change set, of which one answer counts', () => {
    const products = createDataverseProtocol({
      table: PRODUCT,
      url: 'https://org.test/api/data/v9.2',
      headers: {},
      returnFields: ['name'],
      now,
    })
    const writes = prepare(products, [
      create('1', { name: 'Chai', statecode: '0' }),
      update('2', { statecode: '1' }, OTHER),
    ])
    const { body } = products.compose(writes)
    expect(body?.match(/Content-Type: multipart\/mixed; boundary=changeset_/g)).toHaveLength(1)
    expect(body?.match(/^PATCH /gm)).toHaveLength(3)
    expect(body?.match(/Content-ID: \d/g)).toEqual(['Content-ID: 1', 'Content-ID: 2'])
    expect(body).toContain('{"name":"Chai"}')
    expect(body).toContain('{"statecode":0}')

    const answer = (status: number, content: unknown): string =>
      `Content-Type: application/http\r\n\r\nHTTP/1.1 ${status} X\r\n\r\n${JSON.stringify(content)}\r\n`
    const product = (version: string) => ({
      productid: ID,
      '@odata.etag': version,
      name: 'Chai',
      modifiedon: STAMP,
    })
    const changeSet = (...answers: string[]): HttpResponse => ({
      status: 200,
      headers: { 'content-type': 'multipart/mixed; boundary=b' },
      text: `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${answers.map((part) => `--c\r\n${part}`).join('')}--c--\r\n--b--\r\n`,
    })
    const [first] = writes
    if (first === undefined) throw new Error('Two were prepared.')
    const landed = changeSet(answer(201, product('W/"1"')), answer(200, product('W/"2"')))
    expect(products.interpret(landed, [first]).results).toMatchObject([
      { kind: 'written', record: { version: 'W/"2"' } },
    ])
    const failed = changeSet(answer(400, error('0x80048408', 'The state is not valid.')))
    expect(products.interpret(failed, [first]).results).toMatchObject([{ kind: 'refused' }])
  })

  test('a value that its field cannot take is refused before anything is sent', () => {
    expect(dataverse.prepare(update('1', { customertypecode: 'Ship' }))).toMatchObject({
      failure: { errorClass: 'VALIDATION', field: 'customertypecode' },
    })
    expect(businessCentral.prepare(update('1', { currencyId: 'USD' }))).toMatchObject({
      failure: { errorClass: 'VALIDATION', field: 'currencyId' },
    })
  })
})
