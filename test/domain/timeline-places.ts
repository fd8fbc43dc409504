/** The timelines of SPEC.md by their number; one without a place does not compile. */
type Timeline =
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 19
  | 20
  | 21
  | 22
  | 23
  | 24
  | 25
  | 26
  | 27
  | 28
  | 29
  | 30

interface Place {
  /** Below `test/`. */
  readonly file: string
  /** The test's name, or what it begins with. */
  readonly name: string
}

const RULES = 'domain/timelines.test.ts'
const MODEL = 'domain/timelines-model.test.ts'
const WATERMARK = 'domain/watermark.property.test.ts'
const NEVER_PASSED =
  'never passes an unread change, for commits within the commit delay and falls of the clock'

/** Where each timeline stands as a test; several where it has several sides. */
export const TIMELINES: Readonly<Record<Timeline, readonly [Place, ...Place[]]>> = {
  1: [{ file: RULES, name: '1: ' }],
  2: [{ file: RULES, name: '2: ' }],
  3: [{ file: RULES, name: '3: ' }],
  4: [{ file: WATERMARK, name: NEVER_PASSED }],
  5: [{ file: RULES, name: '5: ' }],
  6: [
    { file: RULES, name: '6: ' },
    {
      file: 'engine/documented-conflict.test.ts',
      name: 'after a person kept the values of Sales, an edit there is carried: nobody made a conflict',
    },
  ],
  7: [{ file: RULES, name: '7: ' }],
  8: [
    { file: MODEL, name: '8: ' },
    {
      file: 'chaos/created-customers.test.ts',
      name: 'the run is cancelled with an outcome unknown: the next run meets the customer and makes no second account',
    },
  ],
  9: [
    {
      file: 'chaos/coupled-by-hand.test.ts',
      name: 'two people couple the same customer at once: one of them does',
    },
    {
      file: 'engine/beside-a-pass.test.ts',
      name: 'asked for five times at once, the record is written once',
    },
  ],
  10: [
    { file: MODEL, name: '10: ' },
    {
      file: 'chaos/created-customers.test.ts',
      name: 'the worker dies between request and answer: the customer is adopted by its number, and a person who was faster keeps his edit',
    },
  ],
  11: [
    { file: MODEL, name: '11: ' },
    {
      file: 'engine/settlements.test.ts',
      name: 'the second is stale, since a person changed what it was to carry: a conflict of that field alone',
    },
  ],
  12: [
    {
      file: 'chaos/lost-answers.test.ts',
      name: 'an account is updated and the customer put back meanwhile: the pair ends as the customer is (timeline 12)',
    },
    {
      file: 'chaos/lost-answers.test.ts',
      name: 'a stalled update outlives its worker and lands after the customer was put back',
    },
  ],
  13: [{ file: RULES, name: '13: ' }],
  14: [
    { file: MODEL, name: '14: ' },
    {
      file: 'engine/deletion-policies.test.ts',
      name: 'a survivor that is edited between our look and our deletion is not deleted (timeline 14)',
    },
  ],
  15: [{ file: RULES, name: '15: ' }],
  16: [
    {
      file: 'engine/watermarks.test.ts',
      name: 'set while a run goes on, it counts from the next one and that run does not overwrite it',
    },
  ],
  17: [{ file: WATERMARK, name: NEVER_PASSED }],
  18: [{ file: MODEL, name: '18: ' }],
  19: [
    {
      file: 'chaos/lost-answers.test.ts',
      name: 'a new account: adopted under the id we chose; what persons edited on either side meanwhile is carried (timeline 19)',
    },
  ],
  20: [
    {
      file: 'engine/deletion-policies.test.ts',
      name: 'Restore records: a deleted account is created anew under a new id and coupled with its customer',
    },
    {
      file: 'engine/uncoupling.test.ts',
      name: 'a customer restored under another id is found from the side of the account',
    },
  ],
  21: [{ file: RULES, name: '21: ' }],
  22: [
    { file: MODEL, name: '22: ' },
    {
      file: 'chaos/coupled-by-hand.test.ts',
      name: 'coupled without synchronizing: the pair is pending, and the next run makes first contact',
    },
  ],
  23: [{ file: RULES, name: '23: ' }],
  24: [
    { file: MODEL, name: '24: ' },
    {
      file: 'engine/deletion-policies.test.ts',
      name: 'Restore records: a deleted account is created anew under a new id and coupled with its customer',
    },
  ],
  25: [
    { file: RULES, name: '25: ' },
    {
      file: 'engine/values.test.ts',
      name: 'customers in it wait, customers in the local currency do not; all are carried once it is there',
    },
  ],
  26: [
    { file: RULES, name: '26: ' },
    { file: 'engine/values.test.ts', name: 'emoji pass both ways, whole' },
  ],
  27: [{ file: RULES, name: '27: ' }],
  28: [{ file: RULES, name: '28: ' }],
  29: [{ file: RULES, name: '29: ' }],
  30: [{ file: MODEL, name: '30: ' }],
}
