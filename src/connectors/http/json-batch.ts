import type { ExactJson, OutgoingJson } from './exact-json.js'
import { isJsonObject, parseExactJson, stringifyExactJson } from './exact-json.js'

/** One operation of a JSON `$batch`; `url` is relative to the service root. */
export interface BatchOperation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: OutgoingJson
}

export interface BatchAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: ExactJson
}

/** Operations in a `$batch`: Business Central refuses more, and it is a fair size for any service. */
export const LARGEST_BATCH = 100

/** The text of a `$batch`; operations carry their index as id. */
export function encodeBatch(operations: readonly BatchOperation[]): string {
  return stringifyExactJson({
    requests: operations.map((operation, index) => ({
      id: String(index),
      method: operation.method,
      url: operation.url,
      headers: operation.headers,
      ...(operation.body === undefined ? {} : { body: operation.body }),
    })),
  })
}

/**
 * The answers by the index of their operation; undefined where the server gave none. Answers are told apart by id, or by
 * position where the server gave no ids and as many answers as operations. Throws SyntaxError when the text is no batch answer.
 */
export function decodeBatch(text: string, count: number): readonly (BatchAnswer | undefined)[] {
  const parsed = parseExactJson(text)
  const responses = isJsonObject(parsed) ? parsed['responses'] : undefined
  if (!Array.isArray(responses)) throw new SyntaxError('The batch answer holds no list of responses.')
  const answers = Array.from({ length: count }, (): BatchAnswer | undefined => undefined)
  const inOrder = responses.length === count
  responses.forEach((response: ExactJson, position) => {
    if (!isJsonObject(response)) return
    const id = response['id']
    const index = id === null || id === undefined ? (inOrder ? position : -1) : indexOf(id)
    const status = Number(response['status'])
    if (!Number.isInteger(index) || index < 0 || index >= count || !Number.isInteger(status)) return
    answers[index] = { status, headers: headersOf(response['headers']), body: bodyOf(response['body']) }
  })
  return answers
}

/** The text of one operation, for errors and pages that are read like those of a plain request. */
export function bodyOf(body: ExactJson | undefined): ExactJson {
  if (typeof body !== 'string') return body ?? null
  try {
    return parseExactJson(body)
  } catch {
    return body
  }
}

function headersOf(headers: ExactJson | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(headers)) return {}
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
}

function indexOf(id: ExactJson): number {
  return typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : -1
}
