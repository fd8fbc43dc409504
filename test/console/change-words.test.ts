import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changeWords } from '../../console/src/pages/mappings/change-words.js'

const texts = (language: string): unknown =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../console/src/pages/mappings', `${language}.json`), 'utf8'),
  )
const sayer = (language: string) => (key: string) => {
  const found = key
    .split('.')
    .reduce<unknown>(
      (at, part) => (typeof at === 'object' ? (at as Record<string, unknown>)[part] : undefined),
      texts(language),
    )
  return typeof found === 'string' ? found : null
}
const told = (path: string, rest: string, language = 'en'): string =>
  changeWords({ path, text: `${path}: ${rest}` }, sayer(language))

describe('a change of a mapping', () => {
  test('is told in the words of its page', () => {
    expect(told('synchOnlyCoupledRecords', 'false -> true')).toBe('Synch. only coupled records: Yes (was No)')
    expect(told('conflictDetection', 'FIELDS -> TIMESTAMPS')).toBe(
      'Conflict detection: By record (timestamps) (was By field)',
    )
    expect(told('deletionReview.percent', '10 -> 20')).toBe('Review of deletions, percent: 20 (was 10)')
  })

  test('of a field mapping names its fields, and rules by what they are called', () => {
    expect(told('fields[website:websiteurl].transformTo', 'none -> [{"type":"UPPERCASE"}]')).toBe(
      'website – websiteurl, Transformation on the way to the integration table: Uppercase (was none)',
    )
    expect(
      told('fields[city:address1_city].transformFrom', '[{"type":"SUBSTRING","start":1,"length":3}] -> none'),
    ).toBe(
      'city – address1_city, Transformation on the way from the integration table: none (was Substring (start 1, length 3))',
    )
    expect(told('fields[city:address1_city].status', 'ENABLED -> DISABLED')).toBe(
      'city – address1_city, Status: Disabled (was Enabled)',
    )
  })

  test('is told in German', () => {
    expect(told('synchOnlyCoupledRecords', 'false -> true', 'de')).toMatch(/: Ja \(vorher Nein\)$/)
  })

  test('that has no words here stays as the API tells it', () => {
    expect(told('somethingNew', 'a -> b')).toBe('somethingNew: b (was a)')
    expect(told('fields[a:b]', 'added {"localField":"a"}')).toBe('a – b: added {"localField":"a"}')
    expect(told('localFilter', 'a is "x -> y" -> no filter')).toBe('Table filter: a is "x -> y" -> no filter')
    expect(changeWords({ path: 'name', text: 'Something else.' }, sayer('en'))).toBe('Something else.')
  })
})
