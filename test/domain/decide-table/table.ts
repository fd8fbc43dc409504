import type { Row } from '../../../src/domain/decision.js'
import { CHANGES } from './changes.js'
import { CHOICES } from './choices.js'
import { COUPLE } from './couple.js'
import { ROW_4 } from './deletions.js'
import { EXISTENCE } from './existence.js'
import { PERSON } from './person.js'
import type { Cases } from './story.js'
import { withWinners } from './winners.js'

/** The decision table of src/domain/SPEC.md. Typed without `Partial`: a row that has no case here does not compile. */
export const TABLE: Readonly<Record<Row, Cases>> = {
  ...EXISTENCE,
  ...CHANGES,
  ...PERSON,
  4: ROW_4,
  8: withWinners(EXISTENCE[8], 8),
  15: withWinners(CHANGES[15], 15),
  16: withWinners(CHANGES[16], 16),
  17: withWinners(CHANGES[17], 17),
  18: withWinners(CHANGES[18], 18),
  resolved: [...PERSON.resolved, ...CHOICES.resolved],
  merged: CHOICES.merged,
  ...COUPLE,
}
