const GUID = /[{(]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[)}]?/gi
const TIME = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?/g
const QUOTED = /'[^']*'|"[^"]*"/g
const NUMBER = /\d+/g

/** The text of a message without what differs from record to record: ids, times, quoted values, numbers. */
export function createFingerprintText(message: string): string {
  return message
    .replace(GUID, '<id>')
    .replace(TIME, '<time>')
    .replace(QUOTED, '<value>')
    .replace(NUMBER, '<number>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500)
}
