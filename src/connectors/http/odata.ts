import type { TableDefinition } from '../../domain/schema.js'
import { ConnectorError } from '../connector.js'
import type { ExactJson, ExactJsonObject } from './exact-json.js'
import { isJsonObject, parseExactJson } from './exact-json.js'
import type { HttpResponse } from './transport.js'

/** A string literal of OData: in single quotes, inner ones doubled. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A query option, percent-encoded. Text that is not well-formed UTF-16 is encoded with U+FFFD in its place. */
export function queryOption(name: string, value: string): string {
  return `${name}=${encodeURIComponent(value.toWellFormed()).replaceAll('%2C', ',')}`
}

/** Neither system can hold NUL or a lone surrogate, so no record has such a value, and no filter may carry it. */
export function canBeStored(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

export function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

/** A text as given, composed and decomposed: records match in the composed form, whichever of them a system stores. */
export function spellingsOf(text: string): readonly string[] {
  return isAscii(text) ? [text] : [...new Set([text, text.normalize('NFC'), text.normalize('NFD')])]
}

/** A page of an OData collection. */
export interface ODataPage {
  readonly rows: readonly ExactJsonObject[]
  readonly nextLink: string | null
  readonly deltaLink: string | null
}

/** Throws {@link ConnectorError} when the answer is no collection. */
export function readPage(text: string, system: string): ODataPage {
  const body = readObject(text, system)
  const rows = body['value']
  if (!Array.isArray(rows) || !rows.every(isJsonObject)) throw unreadable(system, 'it holds no list of rows')
  return { rows, nextLink: linkOf(body['@odata.nextLink']), deltaLink: linkOf(body['@odata.deltaLink']) }
}

/** Throws {@link ConnectorError} when the answer is no JSON object. */
export function readObject(text: string, system: string): ExactJsonObject {
  let parsed: ExactJson
  try {
    parsed = parseExactJson(text)
  } catch (error) {
    throw unreadable(system, error instanceof Error ? error.message : String(error))
  }
  if (!isJsonObject(parsed)) throw unreadable(system, 'it is no JSON object')
  return parsed
}

/** The ids of rows that were asked for nothing else. Throws {@link ConnectorError} where a row has none. */
export function idsOf(
  table: TableDefinition,
  rows: readonly ExactJsonObject[],
  system: string,
): readonly string[] {
  return rows.map((row) => {
    const id = row[table.keyField]
    if (typeof id !== 'string') throw unreadable(system, `a row of ${table.name} has no ${table.keyField}`)
    return id.toLowerCase()
  })
}

/** `@odata.count` of a page; null where the service gave none. Throws {@link ConnectorError} on what is no page. */
export function countOf(text: string, system: string): number | null {
  const count = readObject(text, system)['@odata.count']
  return typeof count === 'string' && /^\d+$/.test(count) ? Number(count) : null
}

export function unreadable(system: string, reason: string): ConnectorError {
  return new ConnectorError({
    errorClass: 'UNEXPECTED',
    message: `${system} gave an answer that cannot be read: ${reason}.`,
    cause:
      'The address may belong to another service, or something between here and there changed the answer.',
    remedy: 'Check the address of the connection; if it is right, report this with the log.',
  })
}

/** Epoch ms of the `Date` header. Throws {@link ConnectorError} where it is missing. */
export function clockOf(response: HttpResponse, system: string): number {
  const header = response.headers.date
  const at = header === undefined ? Number.NaN : Date.parse(header)
  if (Number.isNaN(at)) throw unreadable(system, 'it has no Date header, which tells its clock')
  return at
}

/** Cuts a list into pieces of at most `size`. */
export function piecesOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

/** Pieces of at most `size` texts and of about `length` characters once percent-encoded. */
export function piecesByLength(
  texts: readonly string[],
  size: number,
  length: number,
): readonly (readonly string[])[] {
  const pieces: string[][] = []
  let used = 0
  for (const text of texts) {
    const needed = encodeURIComponent(text).length + 12
    const last = pieces.at(-1)
    if (last === undefined || last.length >= size || used + needed > length) {
      pieces.push([text])
      used = needed
    } else {
      last.push(text)
      used += needed
    }
  }
  return pieces
}

function linkOf(value: ExactJson | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
