import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/domain/decision.js'
import { CHANGES } from './decide-table/changes.js'
import { EXISTENCE } from './decide-table/existence.js'
import { PERSON } from './decide-table/person.js'
import type { Cases } from './decide-table/story.js'
import { FROM, gist, stage, TO } from './support.js'

/**
 * The decision table of src/domain/SPEC.md. Typed without `Partial`: a row that has no case here does not compile. Each
 * story is told for both passes.
 */
const TABLE: Readonly<Record<Row, Cases>> = { ...EXISTENCE, ...CHANGES, ...PERSON }

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
