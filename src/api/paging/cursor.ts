import { badUserInput, echo } from '../errors.js'
import { isId } from '../identifiers.js'
import { storable } from '../../persistence/sql.js'

/** What an order sorts by. `NONE`: the id alone. */
export const KeyType = { timestamp: 'TIMESTAMP', text: 'TEXT', integer: 'INTEGER', none: 'NONE' } as const
export type KeyType = (typeof KeyType)[keyof typeof KeyType]

/** The place of one row in one order: its sort key as text (a time: epoch milliseconds), and its id. */
export interface Position {
  readonly key: string
  readonly id: string
}

const KEY_PATTERNS: Readonly<Record<KeyType, RegExp>> = {
  TIMESTAMP: /^-?\d{1,15}$/,
  TEXT: /^[^]*$/u,
  INTEGER: /^-?\d{1,15}$/,
  NONE: /^$/,
}

/** Opaque to clients. The order is part of it: a cursor means nothing in another one. */
export function encodeCursor(order: string, position: Position): string {
  return Buffer.from(JSON.stringify([order, position.key, position.id]), 'utf8').toString('base64url')
}

/** Throws BAD_USER_INPUT for anything that {@link encodeCursor} did not make for this order. */
export function decodeCursor(cursor: string, order: string, keyType: KeyType): Position {
  const parts = parse(cursor)
  if (parts === null) throw badCursor(`Expected a cursor that this list returned, got ${echo(cursor)}.`)
  const [cursorOrder, key, id] = parts
  if (cursorOrder !== order) {
    throw badCursor(`The cursor belongs to orderBy ${echo(cursorOrder)}, not to ${order}.`)
  }
  if (!KEY_PATTERNS[keyType].test(key) || !isId(id)) {
    throw badCursor(`Expected a cursor that this list returned, got ${echo(cursor)}.`)
  }
  return { key: storable(key), id }
}

function badCursor(message: string): Error {
  return badUserInput([{ argument: 'after', message }])
}

function parse(cursor: string): readonly [string, string, string] | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    // Not JSON: not one of ours. The caller says so.
    return null
  }
  if (!Array.isArray(parsed)) return null
  const parts: readonly unknown[] = parsed
  const [order, key, id] = parts
  if (typeof order !== 'string' || typeof key !== 'string' || typeof id !== 'string') return null
  return [order, key, id]
}
