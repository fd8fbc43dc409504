import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, getNamedType, isObjectType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { SAID } from '../../console/src/api/said-fields.js'
import { ENGLISH, ENGLISH_PHRASES } from '../../console/src/i18n/english.js'
import { GERMAN } from '../../console/src/i18n/german.js'
import { createPhrasebook } from '../../console/src/i18n/phrasebook.js'
import { phrasesOfSource } from '../support/phrases.js'

const ROOT = join(import.meta.dirname, '..', '..')
const GERMAN_PHRASES = JSON.parse(
  readFileSync(join(ROOT, 'console', 'src', 'i18n', 'phrases.de.json'), 'utf8'),
) as Readonly<Record<string, string>>
const say = createPhrasebook(GERMAN_PHRASES, GERMAN)

const holes = (text: string): readonly string[] => [
  ...new Set(Array.from(text.matchAll(/\{(\d+)(?::[qn])?\}/g), ([, number]) => number ?? '')),
]

describe('what the API says', () => {
  const said = phrasesOfSource()

  test('has German words, phrase by phrase: add what is missing to console/src/i18n/phrases.de.json', () => {
    expect([...said].filter(([phrase]) => !(phrase in GERMAN_PHRASES))).toEqual([])
  })

  test('is what the German words are for: none is left of a phrase that nobody says any more', () => {
    expect(Object.keys(GERMAN_PHRASES).filter((phrase) => !said.has(phrase))).toEqual([])
  })

  test('has the same values put into it in German', () => {
    for (const [phrase, german] of Object.entries(GERMAN_PHRASES)) {
      expect({ phrase, holes: holes(german).toSorted() }).toEqual({ phrase, holes: holes(phrase).toSorted() })
    }
  })

  test('comes in fields that the console knows as said', () => {
    const types = Object.values(
      buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8')).getTypeMap(),
    ).filter(isObjectType)
    const fields = types.flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => getNamedType(field.type).name === 'String')
        .map((field) => ({ type: type.name, field: field.name })),
    )
    const spoken = /^(?:message|cause|remedy|problem|summary|consequences|what)$/
    expect(fields.filter(({ type, field }) => spoken.test(field) && !SAID[type]?.includes(field))).toEqual([])
    const known = new Set(types.map(({ name }) => name))
    expect(Object.keys(SAID).filter((type) => !known.has(type))).toEqual([])
  })
})

describe('the German phrasebook', () => {
  test('puts values where German wants them, and leaves them as they are', () => {
    expect(say('The Customer record 10000 is coupled already.')).toBe(
      'Der Datensatz 10000 (Customer) ist schon gekoppelt.',
    )
  })

  test('translates what is said within what is said', () => {
    expect(
      say(
        'The Account of this coupling was deleted, and the mapping does not say what to do with deletions.',
      ),
    ).toBe(
      'Der Datensatz (Account) dieser Kopplung wurde gelöscht, und die Zuordnung sagt nicht, was bei Löschungen zu tun ist.',
    )
  })

  test('tells numbers, states and times as Germans do', () => {
    expect(say('93.406 % of 91 pairs are equal, 6 differ: 1 CONFLICT, 5 SKIPPED.')).toBe(
      '93,41 % von 91 Paaren sind gleich, 6 weichen ab: 1 Konflikt, 5 übersprungen.',
    )
    expect(say('The last run of the mapping ended at 2026-11-23T12:00:00.000Z: COMPLETED.')).toMatch(
      /^Der letzte Lauf der Zuordnung endete am \d\d\.\d\d\.2026, \d\d:\d\d: abgeschlossen\.$/,
    )
  })

  test('takes sentences one by one, and lets stand what a system said', () => {
    expect(
      say('The plug-in does not like it. It is tried again. If it lasts, look at the state of the service.'),
    ).toBe(
      'The plug-in does not like it. Es wird erneut versucht. Dauert es an, sehen Sie nach dem Zustand des Dienstes.',
    )
    expect(say('The plug-in does not like it.')).toBeNull()
  })

  test('takes for the words of another system what only resembles its own', () => {
    for (const words of [
      'There is no Customer within the filter.',
      'Gen. Bus. Posting Group is not valid. Enter another one of the groups.',
      'Name is blank',
      'The plug-in of the sales team does not like it at all. It is tried again.',
    ])
      expect([words, say(words, true)]).toEqual([words, null])
    expect(say('The table Customer has no field City.', true)).toBe(
      'Die Tabelle Customer hat kein Feld City.',
    )
    expect(
      say(
        'The last run of CUSTOMER was stopped: The plug-in of the sales team does not like it at all.',
        true,
      ),
    ).toBe(
      'Der letzte Lauf von CUSTOMER wurde aufgehalten: „The plug-in of the sales team does not like it at all.“',
    )
  })

  test('quotes the words of others within its own', () => {
    expect(say('The last run of CUSTOMER was stopped: The plug-in does not like it.')).toBe(
      'Der letzte Lauf von CUSTOMER wurde aufgehalten: „The plug-in does not like it.“',
    )
    expect(say('The last run of CUSTOMER was stopped: a system could not be used.')).toBe(
      'Der letzte Lauf von CUSTOMER wurde aufgehalten: Ein System war nicht benutzbar.',
    )
  })

  test('tells filters, brackets, captions with words of filters and quoted words included', () => {
    const filter =
      "Terms and Conditions is not blank and (City = 'Bonn or Trier' or Name begins with 'O''Hara is blank')"
    expect(say(filter)).toBe(
      "Terms and Conditions ist nicht leer und (City = 'Bonn or Trier' oder Name beginnt mit 'O''Hara is blank')",
    )
    expect(
      say(`Adatum lies outside the filter of CUSTOMER: it would have to be that Name is not blank.`),
    ).toBe('Adatum liegt außerhalb des Filters von CUSTOMER; dazu müsste gelten: Name ist nicht leer.')
  })
})

describe('the English phrasebook', () => {
  const tell = createPhrasebook(ENGLISH_PHRASES, ENGLISH)

  test('knows phrases that are said', () => {
    const said = phrasesOfSource()
    expect(Object.keys(ENGLISH_PHRASES).filter((phrase) => !said.has(phrase))).toEqual([])
  })

  test('has words where the API has names of states, and leaves all else as it is', () => {
    expect(tell('93.406 % of 91 pairs are equal, 6 differ: 1 MISSING_LOCAL, 5 SKIPPED.')).toBe(
      '93.406 % of 91 pairs are equal, 6 differ: 1 missing local, 5 skipped.',
    )
    expect(tell('The last run of the mapping ended at 2026-11-23T12:00:00.000Z: COMPLETED.')).toBe(
      'The last run of the mapping ended at 2026-11-23T12:00:00.000Z: completed.',
    )
    expect(tell('Skipped since 2026-11-23T12:00:00.000Z: CONFLICT, attempts: 1.')).toBe(
      'Skipped since 2026-11-23T12:00:00.000Z: conflict, attempts: 1.',
    )
    expect(tell('The mapping CURRENCY is paused.')).toBeNull()
  })
})
