import type { Answer, ApiRequest } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import type { Json } from '../common/json.js'
import { JsonNumber, isObject, parseJson } from '../common/json.js'
import { BusinessCentralError, notImplemented } from './errors.js'

const MAXIMUM_OPERATIONS = 100

export interface BatchItem {
  readonly id: Json
  readonly request: ApiRequest
}

/** Reads a JSON $batch. `base` is the service's address that relative URLs start from. Throws BusinessCentralError. */
export function readBatch(request: ApiRequest, base: string): BatchItem[] {
  const body = parseBody(request)
  const requests = isObject(body) ? body['requests'] : undefined
  if (!Array.isArray(requests)) {
    throw new BusinessCentralError(
      400,
      'BadRequest',
      `The batch body must be an object with the list 'requests'.`,
    )
  }
  if (requests.length > MAXIMUM_OPERATIONS) {
    throw new BusinessCentralError(
      500,
      'Internal_ServerError',
      `A batch holds at most ${MAXIMUM_OPERATIONS} operations; this one holds ${requests.length}.`,
    )
  }
  return requests.map((item, index) => readItem(request, base, item, index))
}

function readItem(outer: ApiRequest, base: string, item: Json, index: number): BatchItem {
  if (!isObject(item) || typeof item['method'] !== 'string' || typeof item['url'] !== 'string') {
    throw new BusinessCentralError(
      400,
      'BadRequest',
      `Request ${index} of the batch must have a 'method' and a 'url'.`,
    )
  }
  if (item['dependsOn'] !== undefined || item['atomicityGroup'] !== undefined) {
    throw notImplemented(`The sandbox does not serve 'dependsOn' and 'atomicityGroup' in a batch.`)
  }
  const headers: Record<string, string> = {}
  const own = item['headers']
  if (isObject(own)) {
    for (const [name, value] of Object.entries(own))
      headers[name.toLowerCase()] = value instanceof JsonNumber ? value.source : String(value)
  }
  const { url } = item
  const absolute = /^https?:\/\//i.test(url) || url.startsWith('/') ? url : `${base}/${url}`
  const json = item['body']
  return {
    id: item['id'] ?? null,
    request: {
      method: item['method'].toUpperCase(),
      url: absolute,
      headers,
      body: '',
      origin: outer.origin,
      caller: outer.caller,
      ...(outer.work === undefined ? {} : { work: outer.work }),
      ...(json === undefined ? {} : { json }),
    },
  }
}

/** The JSON body of a request. Throws 400 when it is not JSON. */
export function parseBody(request: ApiRequest): Json {
  if (request.json !== undefined) return request.json
  try {
    return parseJson(request.body)
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new BusinessCentralError(
        400,
        'BadRequest',
        'Invalid JSON. The body of the request cannot be read.',
      )
    throw error
  }
}

export function batchAnswer(items: readonly BatchItem[], answers: readonly Answer[]): Answer {
  const responses = answers.map((answer, index) => {
    const id = items[index]?.id ?? null
    const shownId = id instanceof JsonNumber ? id.source : JSON.stringify(id)
    const headers = {
      'content-type': 'application/json; odata.metadata=minimal',
      'odata-version': '4.0',
      ...answer.headers,
    }
    const body = answer.body === '' ? '' : `,"body":${answer.body}`
    return `{"id":${shownId},"status":${answer.status},"headers":${JSON.stringify(headers)}${body}}`
  })
  const rows = answers.reduce((sum, answer) => sum + answer.rows, 0)
  return jsonAnswer(200, `{"responses":[${responses.join(',')}]}`, {}, rows)
}
