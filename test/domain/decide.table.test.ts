import { describe, expect, it } from 'vitest'
import { TABLE } from './decide-table/table.js'
import { FROM, gist, stage, TO } from './support.js'

/** Each story of the table, told for both passes. */
describe.each([TO, FROM])('decide, pass %s', (pass) => {
  const on = stage(pass)
  for (const [row, cases] of Object.entries(TABLE)) {
    describe(`row ${row}`, () => {
      it.each(cases)('$name', (story) => {
        expect(gist(on.decide(story.given(on)))).toEqual(story.gives(on))
      })
    })
  }
})
