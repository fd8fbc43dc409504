import { STATUS_CODES } from 'node:http'
import { randomUUID } from 'node:crypto'
import type { Answer, ApiRequest } from '../common/answer.js'
import { DataverseError, badRequest } from './errors.js'
import { SERVICE_ROOT } from './route.js'

const MAXIMUM_OPERATIONS = 1000

export interface BatchOperation {
  readonly request: ApiRequest
  readonly contentId: string | null
}

/** A part of a batch: one operation, or a change set of several that succeed or fail together. */
export type BatchPart =
  | { readonly kind: 'operation'; readonly operation: BatchOperation }
  | { readonly kind: 'changeSet'; readonly operations: readonly BatchOperation[] }

/** Reads a multipart/mixed $batch. Throws DataverseError. */
export function readBatch(outer: ApiRequest): BatchPart[] {
  const boundary = boundaryOf(outer.headers['content-type'] ?? '')
  if (boundary === null)
    throw badRequest(`The content type of a batch must be 'multipart/mixed' with a boundary.`)
  const parts = splitParts(outer.body, boundary).map((part): BatchPart => {
    const { headers, body } = splitHeaders(part)
    const inner = boundaryOf(headers['content-type'] ?? '')
    if (inner === null) return { kind: 'operation', operation: readOperation(outer, headers, body) }
    const operations = splitParts(body, inner).map((piece) => {
      const nested = splitHeaders(piece)
      return readOperation(outer, nested.headers, nested.body)
    })
    return { kind: 'changeSet', operations }
  })
  const count = parts.reduce((sum, part) => sum + (part.kind === 'operation' ? 1 : part.operations.length), 0)
  if (count > MAXIMUM_OPERATIONS) {
    throw new DataverseError(
      400,
      '0x80040203',
      `A batch holds at most ${MAXIMUM_OPERATIONS} operations; this one holds ${count}.`,
    )
  }
  return parts
}

function boundaryOf(contentType: string): string | null {
  const match = /^multipart\/mixed\s*;.*boundary=("?)([^";]+)\1/i.exec(contentType)
  return match?.[2] ?? null
}

function splitParts(body: string, boundary: string): string[] {
  const text = `\r\n${body}`
  const pieces = text.split(`\r\n--${boundary}`)
  const last = pieces.pop()
  if (pieces.length === 0 || last === undefined || !last.startsWith('--')) {
    throw badRequest(`The batch has no closing boundary '--${boundary}--', or its lines do not end in CRLF.`)
  }
  return pieces.slice(1).map((piece) => piece.replace(/^[ \t]*\r\n/, ''))
}

function splitHeaders(part: string): { headers: Record<string, string>; body: string } {
  const headers: Record<string, string> = {}
  if (part.startsWith('\r\n')) return { headers, body: part.slice(2) }
  const end = part.indexOf('\r\n\r\n')
  const head = end === -1 ? part : part.slice(0, end)
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, body: end === -1 ? '' : part.slice(end + 4) }
}

function readOperation(
  outer: ApiRequest,
  partHeaders: Readonly<Record<string, string>>,
  text: string,
): BatchOperation {
  if (!/^application\/http/i.test(partHeaders['content-type'] ?? '')) {
    throw badRequest(`A part of the batch must have the content type 'application/http'.`)
  }
  const end = text.indexOf('\r\n')
  const line = (end === -1 ? text : text.slice(0, end)).trim()
  const match = /^([A-Z]+)\s+(\S.*?)(?:\s+HTTP\/\d\.\d)?$/.exec(line)
  if (match?.[1] === undefined || match[2] === undefined)
    throw badRequest(`The batch holds '${line}' where a request line was expected.`)
  const { headers, body } = splitHeaders(end === -1 ? '' : text.slice(end + 2))
  const url = match[2]
  return {
    contentId: partHeaders['content-id'] ?? headers['content-id'] ?? null,
    request: {
      method: match[1],
      url:
        /^https?:\/\//i.test(url) || url.startsWith('/') || url.startsWith('$')
          ? url
          : `${SERVICE_ROOT}/${url}`,
      headers: { ...impersonation(outer), ...headers },
      body: body.replace(/\r\n$/, ''),
      origin: outer.origin,
      caller: outer.caller,
      ...(outer.work === undefined ? {} : { work: outer.work }),
    },
  }
}

function impersonation(outer: ApiRequest): Record<string, string> {
  const caller = outer.headers['mscrmcallerid']
  return caller === undefined ? {} : { mscrmcallerid: caller }
}

export type AnsweredPart =
  | { readonly kind: 'operation'; readonly answer: Answer }
  | {
      readonly kind: 'changeSet'
      readonly answers: readonly { readonly answer: Answer; readonly contentId: string | null }[]
    }

/** The multipart answer. `status` is 200, or that of the error that stopped the batch. */
export function batchAnswer(status: number, parts: readonly AnsweredPart[]): Answer {
  const boundary = `batchresponse_${randomUUID()}`
  let rows = 0
  const lines: string[] = []
  for (const part of parts) {
    lines.push(`--${boundary}`)
    if (part.kind === 'operation') {
      lines.push(...operationLines(part.answer, null))
      rows += part.answer.rows
      continue
    }
    const inner = `changesetresponse_${randomUUID()}`
    lines.push(`Content-Type: multipart/mixed; boundary=${inner}`, '')
    for (const { answer, contentId } of part.answers) {
      lines.push(`--${inner}`, ...operationLines(answer, contentId))
      rows += answer.rows
    }
    lines.push(`--${inner}--`)
  }
  lines.push(`--${boundary}--`, '')
  return {
    status,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}`, 'odata-version': '4.0' },
    body: lines.join('\r\n'),
    rows,
  }
}

function operationLines(answer: Answer, contentId: string | null): string[] {
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === null ? [] : [`Content-ID: ${contentId}`]),
    '',
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Unknown'}`,
    ...Object.entries(answer.headers).map(([name, value]) => `${HEADER_NAMES[name] ?? name}: ${value}`),
    '',
    answer.body,
  ]
}

const HEADER_NAMES: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  etag: 'ETag',
  'odata-entityid': 'OData-EntityId',
  'odata-version': 'OData-Version',
  'preference-applied': 'Preference-Applied',
  'retry-after': 'Retry-After',
}
