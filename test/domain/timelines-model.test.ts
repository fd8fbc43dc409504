import { describe, expect, it } from 'vitest'
import type { MappingDefinition, PassDirection } from '../../src/domain/mapping.js'
import type { Side, Value } from '../../src/domain/value.js'
import { Model } from './model.js'
import { BLANK, MODEL_MAPPING, type Beginning, type CrashPoint, type Edit, type Step } from './model-world.js'
import { FROM, TO } from './support.js'

/** Histories of crashes, races and deletions, by their number in src/domain/SPEC.md, in the world of the model tests. */
const world = (
  beginning: Beginning,
  mapping: Partial<MappingDefinition> = {},
  values: Partial<typeof BLANK> = {},
) =>
  new Model({
    mapping: { ...MODEL_MAPPING, ...mapping },
    resolution: { LOCAL: 1, INTEGRATION: 1_000 },
    offset: { LOCAL: 0, INTEGRATION: 0 },
    beginning,
    values: { ...BLANK, ...values },
  })

const edit = (side: Side, field: string, value: Value): Step => ({ kind: 'edit', side, field, value })
const pass = (direction: PassDirection, crash: CrashPoint | null = null, race: Edit | null = null): Step => ({
  kind: 'pass',
  pass: direction,
  crash,
  race,
})
const later: Step = { kind: 'wait', milliseconds: 400_000 }

/** Tells a history to the model; it throws where a rule breaks, and where a second record is created. */
const tell = (model: Model, ...steps: readonly Step[]): Model => {
  for (const step of steps) model.step(step)
  return model
}
/** A few runs later: at rest, and nothing disagrees that is not told. */
const atRest = (model: Model): Model => {
  model.runUntilQuiet()
  expect(model.disagreements()).toEqual([])
  return model
}

const EVERY_POINT: readonly CrashPoint[] = [0, 1, 2, 3]
const BOTH_EDITED = [edit('LOCAL', 'phoneNumber', '1'), edit('INTEGRATION', 'address1_country', 'DE'), later]

describe('timelines of crashes, races and deletions', () => {
  it.each(EVERY_POINT)(
    '8: a customer made, then a crash at point %i: the other pass makes no second account',
    (crash) => {
      const model = tell(world({ alone: 'INTEGRATION' }), pass(FROM, crash), pass(TO), pass(FROM))
      expect(atRest(model).pair).toEqual({ coupled: true, skipped: false, writes: 1 })
    },
  )

  it.each(EVERY_POINT)(
    '10: made, a crash at point %i, edited by a user: not made again, and his edit arrives',
    (crash) => {
      const model = tell(
        world({ alone: 'INTEGRATION' }),
        pass(FROM, crash),
        edit('LOCAL', 'phoneNumber', '2'),
        later,
      )
      expect(atRest(model).pair).toMatchObject({ coupled: true, skipped: false })
      // Where the customer was not there yet when he looked, there was nothing to edit.
      expect(model.held('INTEGRATION', 'telephone1')).toBe(crash >= 2 ? '2' : null)
    },
  )

  it('11: the second write of a settlement is stale: the edit that made it so is not overwritten', () => {
    const race: Edit = { side: 'LOCAL', field: 'country', value: 'FR' }
    const model = tell(world('agreed', { conflictDetection: 'FIELDS' }), ...BOTH_EDITED, pass(TO, null, race))
    expect(atRest(model).pair.skipped).toBe(true)
    expect(model.held('LOCAL', 'country')).toBe('FR')
    expect(model.held('INTEGRATION', 'address1_country')).toBe('DE')
    expect(model.held('INTEGRATION', 'telephone1')).toBe('1')
  })

  it.each(EVERY_POINT)('11: a settlement of both sides dies at point %i: both edits arrive', (crash) => {
    const model = tell(world('agreed', { conflictDetection: 'FIELDS' }), ...BOTH_EDITED, pass(TO, crash))
    expect(atRest(model).pair.skipped).toBe(false)
    expect(model.held('LOCAL', 'country')).toBe('DE')
    expect(model.held('INTEGRATION', 'telephone1')).toBe('1')
  })

  it('14: the survivor is edited between our look and our deletion: it stays, and a person decides', () => {
    const race: Edit = { side: 'INTEGRATION', field: 'telephone1', value: '2' }
    const model = tell(
      world('agreed', { deletionConflictPolicy: 'DELETE_OTHER_RECORD' }),
      { kind: 'delete', side: 'LOCAL' },
      pass(TO, null, race),
    )
    expect(atRest(model).pair).toMatchObject({ coupled: true, skipped: true })
    expect(model.held('INTEGRATION', 'telephone1')).toBe('2')
  })

  it.each(EVERY_POINT)(
    '18: a creation is open at point %i and its source is deleted: not pending for ever',
    (crash) => {
      const model = tell(world({ alone: 'LOCAL' }), pass(TO, crash), { kind: 'delete', side: 'LOCAL' }, later)
      // Nothing was made, or what was made is coupled with a deleted record, which a person is told.
      atRest(model)
      const isMade = crash > 0
      expect(model.pair).toMatchObject({ coupled: isMade, skipped: isMade })
      expect(model.held('INTEGRATION', 'telephone1') !== undefined).toBe(isMade)
    },
  )

  it.each(EVERY_POINT)(
    '18: a creation is open at point %i and the other pass comes first: one record, coupled',
    (crash) => {
      const model = tell(world({ alone: 'LOCAL' }), pass(TO, crash), pass(FROM), pass(TO))
      expect(atRest(model).pair).toEqual({ coupled: true, skipped: false, writes: 1 })
    },
  )

  it.each(EVERY_POINT)(
    '22: coupled, and first contact dies at point %i: it is made by the next run',
    (crash) => {
      const telephone1 = { ...BLANK.INTEGRATION, telephone1: '1' }
      const model = tell(world('fresh', {}, { INTEGRATION: telephone1 }), pass(TO, crash))
      expect(atRest(model).pair).toMatchObject({ coupled: true, skipped: false })
      expect(model.held('LOCAL', 'phoneNumber')).toBe('1')
    },
  )

  it.each(['NONE', 'RESTORE_RECORDS', 'DELETE_COUPLING', 'DELETE_OTHER_RECORD'] as const)(
    '24: restored with its old id under the policy %s: the old tombstone deletes nothing',
    (deletionConflictPolicy) => {
      const model = tell(
        world('agreed', { deletionConflictPolicy }),
        { kind: 'delete', side: 'INTEGRATION' },
        { kind: 'undelete', side: 'INTEGRATION' },
        later,
        edit('LOCAL', 'phoneNumber', '1'),
      )
      expect(atRest(model).pair).toMatchObject({ coupled: true, skipped: false })
      expect(model.held('INTEGRATION', 'telephone1')).toBe('1')
    },
  )
})

describe('timelines of blanks that Not Null leaves out', () => {
  const policy = { updateConflictPolicy: 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE' } as const

  it('30: the side wins that has nothing to carry: what the other side alone was given is carried', () => {
    const edits = [
      edit('LOCAL', 'seller', 'l-ann'),
      edit('LOCAL', 'phoneNumber', '1'),
      edit('INTEGRATION', 'telephone1', '2'),
      later,
    ]
    const model = tell(world('agreed', policy), ...edits, pass(TO))
    expect(atRest(model).pair.skipped).toBe(false)
    expect(model.held('INTEGRATION', 'x_seller')).toBe('i-ann')
    expect(model.held('LOCAL', 'phoneNumber')).toBe('2')
  })

  it('30: what one side is given goes to the side that is blank, and its blank comes back to nobody', () => {
    const model = tell(world('agreed'), edit('INTEGRATION', 'x_seller', 'i-ann'), later)
    atRest(model)
    expect(model.held('LOCAL', 'seller')).toBe('l-ann')
    tell(model, edit('LOCAL', 'seller', null), later)
    expect(atRest(model).pair.skipped).toBe(false)
    expect(model.held('INTEGRATION', 'x_seller')).toBe('i-ann')
  })
})
