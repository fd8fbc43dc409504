import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contractSuite } from './contract.js'
import { createNoteConnector, NOTES, type NoteStore } from './example-connector.js'

contractSuite({
  name: 'the worked example',
  start() {
    const store: NoteStore = { rows: new Map() }
    const connector = createNoteConnector(store)
    return Promise.resolve({
      connector,
      impatient: () => null,
      table: NOTES,
      fields: { name: 'title', city: 'place', amount: 'price', code: 'number' },
      longestName: 100,
      blankAmount: null,
      person: {
        edit(id, values) {
          const held = store.rows.get(id)?.values
          store.rows.set(id, { values: { ...held, ...values }, changedAt: Date.now() })
          return Promise.resolve()
        },
        remove(id) {
          store.rows.delete(id)
          return Promise.resolve()
        },
      },
      disturb: { clear: () => Promise.resolve() },
      hints: null,
      [Symbol.asyncDispose]: () => connector.close(),
    })
  },
})

test('the worked example can be read at one sitting', () => {
  const source = readFileSync(new URL('./example-connector.ts', import.meta.url), 'utf8')
  expect(source.split('\n').length).toBeLessThan(200)
})
