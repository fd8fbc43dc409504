import { describe, expect, test } from 'vitest'
import { proposePairs, repeatedValues, unlistedValues } from '../../console/src/pages/mappings/option-map.js'
import { effectOf, fromLocalText, localText } from '../../console/src/pages/mappings/watermark.js'

const option = (...members: string[]) => ({ type: 'OPTION', members })
const text = { type: 'TEXT', members: null }

describe('values that are translated one by one', () => {
  test('begin with those of like name, and the rest to be chosen', () => {
    expect(proposePairs(option('Open', 'Sold-out'), option('open', 'Sold out', 'Gone'))).toEqual([
      { local: 'Open', integration: 'open' },
      { local: 'Sold-out', integration: 'Sold out' },
    ])
    expect(proposePairs(text, option('A', 'B'))).toEqual([
      { local: null, integration: 'A' },
      { local: null, integration: 'B' },
    ])
    expect(proposePairs({ type: 'BOOLEAN', members: null }, text)).toEqual([
      { local: true, integration: null },
      { local: false, integration: null },
    ])
    expect(proposePairs(text, text)).toEqual([{ local: null, integration: null }])
  })

  test('stand once on their side', () => {
    const pairs = [
      { local: 'A', integration: '1' },
      { local: 'B', integration: '1' },
      { local: null, integration: '2' },
    ]
    expect(repeatedValues(pairs)).toEqual(['1'])
  })

  test('that have no line are named', () => {
    expect(unlistedValues([{ local: 'A', integration: '1' }], 'local', option('A', 'B'))).toEqual(['B'])
    expect(unlistedValues([{ local: 'A', integration: '1' }], 'integration', text)).toEqual([])
  })
})

describe('a watermark that is set', () => {
  const now = Date.parse('2026-03-02T12:00:00Z')
  const before = '2026-03-01T12:00:00Z'

  test.each([
    [before, before, 'same'],
    [before, null, 'everything'],
    [before, '2026-02-01T00:00:00Z', 'again'],
    [before, '2026-03-02T00:00:00Z', 'skipped'],
    [null, '2026-03-02T00:00:00Z', 'skipped'],
    [before, '2026-03-04T00:00:00Z', 'refused'],
  ] as const)('from %s to %s: %s', (from, to, effect) => {
    expect(effectOf(from, to, now)).toBe(effect)
  })

  test('is typed in the zone of the reader', () => {
    expect(fromLocalText(localText('2026-03-01T12:00:01.250Z'))).toBe('2026-03-01T12:00:01.000Z')
    expect(localText(null)).toBe('')
    expect(fromLocalText('')).toBeNull()
  })
})
