const GUID = /[{(]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[)}]?/gi
const TIME = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?/g
/** Not the apostrophes inside words: `The customer's name isn't valid`. */
const QUOTED = /(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])|"[^"]*"/gu
const NUMBER = /\d+/g

/**
 * The text of a message without what differs from record to record: ids, times, quoted values, numbers. Safe to store: no
 * control characters, no half of a surrogate pair.
 */
export function createFingerprintText(message: string): string {
  return message
    .replace(GUID, '<id>')
    .replace(TIME, '<time>')
    .replace(QUOTED, '<value>')
    .replace(NUMBER, '<number>')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500)
    .toWellFormed()
}
