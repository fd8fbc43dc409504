import type { Row } from '../../../src/domain/decision.js'
import { CHANGES } from './changes.js'
import { EXISTENCE } from './existence.js'
import { PERSON } from './person.js'
import type { Cases } from './story.js'

/** The decision table of src/domain/SPEC.md. Typed without `Partial`: a row that has no case here does not compile. */
export const TABLE: Readonly<Record<Row, Cases>> = { ...EXISTENCE, ...CHANGES, ...PERSON }
