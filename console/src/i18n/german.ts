import type { Manner } from './phrasebook.js'

/** Names by which the API tells states, classes and roles within its sentences. */
const CODES: Readonly<Record<string, string>> = {
  COMPLETED: 'abgeschlossen',
  RUNNING: 'im Gange',
  QUEUED: 'in der Warteschlange',
  PLANNED: 'geplant',
  FAILED: 'fehlgeschlagen',
  CANCELLED: 'abgebrochen',
  CONFLICT: 'Konflikt',
  DELETED_RECORD: 'gelöschter Datensatz',
  DEPENDENCY_MISSING: 'fehlende Abhängigkeit',
  VALIDATION: 'Prüfung',
  DUPLICATE: 'Dublette',
  PERMISSION: 'Berechtigung',
  SETUP: 'Einrichtung',
  THROTTLED: 'gedrosselt',
  UNAVAILABLE: 'nicht erreichbar',
  AMBIGUOUS_MATCH: 'nicht eindeutig',
  UNEXPECTED: 'unerwartet',
  DELETION: 'Löschung',
  DELETION_REVIEW: 'Löschprüfung',
  EQUAL: 'gleich',
  PENDING: 'ausstehend',
  SKIPPED: 'übersprungen',
  DRIFT: 'Abweichung',
  FAILING: 'scheitert',
  MISSING_LOCAL: 'fehlt lokal',
  MISSING_INTEGRATION: 'fehlt in der Integrationstabelle',
  MISSING_BOTH: 'beide fehlen',
  FORBIDDEN: 'nicht lesbar',
  OUT_OF_FILTER: 'außerhalb des Filters',
  UNCOUPLED_LOCAL: 'nicht gekoppelt (lokal)',
  UNCOUPLED_INTEGRATION: 'nicht gekoppelt (Integrationstabelle)',
  VIEWER: 'Betrachter',
  OPERATOR: 'Bearbeiter',
  ADMINISTRATOR: 'Administrator',
  TO_INTEGRATION_TABLE: 'zur Integrationstabelle',
  FROM_INTEGRATION_TABLE: 'aus der Integrationstabelle',
  Skipped: 'Übersprungen',
  Pending: 'Ausstehend',
}
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/
const COUNTED = /^(?:(?<count>\d+) )?(?<code>[A-Za-z_]+)$/

/** `1 CONFLICT, 5 SKIPPED`, one after the other; null: something else is among them. */
function codes(text: string): string | null {
  if (text.startsWith(': ')) {
    const after = codes(text.slice(2))
    return after === null ? null : `: ${after}`
  }
  const told = text.split(', ').map((one) => {
    const { count, code = '' } = COUNTED.exec(one)?.groups ?? {}
    const name = CODES[code]
    return name === undefined ? null : count === undefined ? name : `${count} ${name}`
  })
  return told.includes(null) ? null : told.join(', ')
}

export const GERMAN: Manner = {
  filter: {
    and: 'und',
    or: 'oder',
    blank: 'leer',
    isBlank: 'ist leer',
    isNotBlank: 'ist nicht leer',
    isOneOf: 'ist eines von',
    beginsWith: 'beginnt mit',
    contains: 'enthält',
  },
  quotes: ['„', '“'],
  number: (value) => value.toLocaleString('de', { maximumFractionDigits: 2 }),
  value: (text) =>
    INSTANT.test(text)
      ? new Date(text).toLocaleString('de', { dateStyle: 'medium', timeStyle: 'short' })
      : codes(text),
}
