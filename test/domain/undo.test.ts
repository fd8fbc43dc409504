import { describe, expect, test } from 'vitest'
import { tableOf } from '../../src/domain/catalog/tables.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { isUntouchedSince, planUndo, type UndoableWrite } from '../../src/domain/undo.js'
import type { Value, Values } from '../../src/domain/value.js'

const table = tableOf('DATAVERSE', 'accounts')
const held = (values: Values, version = 'now'): RecordSnapshot => ({ id: 'A', version, stamp: 0, values })
const update = (id: string, fields: Readonly<Record<string, readonly [Value, Value]>>): UndoableWrite => ({
  id,
  kind: 'UPDATE',
  fields: Object.entries(fields).map(([field, [before, after]]) => ({ field, before, after, lost: false })),
  versionBefore: `${id}-before`,
  versionAfter: `${id}-after`,
})
const plan = (
  writes: readonly UndoableWrite[],
  record: RecordSnapshot | null,
  options: { readonly overwrite?: boolean; readonly isUntouched?: boolean } = {},
) => planUndo({ table, writes, record, overwrite: false, isUntouched: false, ...options })

describe('fields that are set back', () => {
  test('hold the value from before, on the version that was read', () => {
    const { action, results } = plan(
      [update('w', { name: ['Old', 'New'], telephone1: [null, '1'] })],
      held({ name: 'New', telephone1: '1' }),
    )
    expect(action).toEqual({ kind: 'update', version: 'now', values: { name: 'Old', telephone1: null } })
    expect(results).toMatchObject([{ writeId: 'w', outcome: 'UNDONE', message: null }])
  })

  test('are compared as their fields mean it: a decimal by its value, a code without case', () => {
    const { action } = plan([update('w', { creditlimit: ['5', '100'] })], held({ creditlimit: '100.00' }))
    expect(action).toMatchObject({ kind: 'update', values: { creditlimit: '5' } })
  })

  test('that someone has changed since are told with both values and left; the others are not held up', () => {
    const { action, results } = plan(
      [update('w', { name: ['Old', 'New'], telephone1: ['0', '1'] })],
      held({ name: 'Other', telephone1: '1' }),
    )
    expect(action).toEqual({ kind: 'update', version: 'now', values: { telephone1: '0' } })
    expect(results).toMatchObject([
      {
        outcome: 'CHANGED_SINCE',
        fields: [
          { field: 'name', before: 'Old', after: 'New', current: 'Other', outcome: 'CHANGED_SINCE' },
          { field: 'telephone1', outcome: 'SET_BACK' },
        ],
      },
    ])
  })

  test('are set back whatever they hold, where that is said', () => {
    const { action, results } = plan([update('w', { name: ['Old', 'New'] })], held({ name: 'Other' }), {
      overwrite: true,
    })
    expect(action).toMatchObject({ values: { name: 'Old' } })
    expect(results).toMatchObject([{ outcome: 'UNDONE' }])
  })

  test('count as ours on the very version that the write made, though the system shows them otherwise', () => {
    const { results } = plan([update('w', { name: ['Old', 'new '] })], held({ name: 'new' }, 'w-after'))
    expect(results).toMatchObject([{ outcome: 'UNDONE' }])
  })

  test('that hold the value from before already take no write', () => {
    const { action, results } = plan([update('w', { name: ['Old', 'New'] })], held({ name: 'Old' }))
    expect(action).toEqual({ kind: 'none' })
    expect(results).toMatchObject([{ outcome: 'UNDONE', fields: [{ outcome: 'AS_BEFORE' }] }])
  })

  test('of several writes go back one by one, newest first, and are written once', () => {
    const { action, results } = plan(
      [update('second', { name: ['B', 'C'] }), update('first', { name: ['A', 'B'], telephone1: ['0', '1'] })],
      held({ name: 'C', telephone1: '1' }),
    )
    expect(action).toMatchObject({ values: { name: 'A', telephone1: '0' } })
    expect(results.map((result) => result.outcome)).toEqual(['UNDONE', 'UNDONE'])
  })

  test('between whose writes someone else wrote are told', () => {
    const { action, results } = plan(
      [update('second', { name: ['By hand', 'C'] }), update('first', { name: ['A', 'B'] })],
      held({ name: 'C' }),
    )
    expect(action).toMatchObject({ values: { name: 'By hand' } })
    expect(results.map((result) => result.outcome)).toEqual(['UNDONE', 'CHANGED_SINCE'])
  })

  test('that the system has no more, or keeps to itself, cannot be set back', () => {
    const { action, results } = plan(
      [update('w', { gone: ['1', '2'], owneridtype: ['1', '2'] })],
      held({ owneridtype: '2' }),
    )
    expect(action).toEqual({ kind: 'none' })
    expect(results).toMatchObject([{ outcome: 'NOT_POSSIBLE' }])
  })

  test('of a record that is gone cannot be set back either', () => {
    const { action, results } = plan([update('w', { name: ['Old', 'New'] })], null)
    expect(action).toEqual({ kind: 'none' })
    expect(results).toMatchObject([{ outcome: 'GONE' }])
  })
})

describe('a creation', () => {
  const creation: UndoableWrite = { ...update('made', { name: [null, 'New'] }), kind: 'CREATE' }

  test('is undone by deleting the record, with all that was written to it', () => {
    const { action, results } = plan([update('w', { name: ['New', 'Newer'] }), creation], held({}), {
      isUntouched: true,
    })
    expect(action).toEqual({ kind: 'delete', version: 'now' })
    expect(results.map((result) => result.outcome)).toEqual(['UNDONE', 'UNDONE'])
  })

  test('stands where someone has touched the record; what was written to it later is set back', () => {
    const { action, results } = plan(
      [update('w', { name: ['New', 'Newer'] }), creation],
      held({ name: 'Newer' }),
    )
    expect(action).toMatchObject({ kind: 'update', values: { name: 'New' } })
    expect(results.map((result) => result.outcome)).toEqual(['UNDONE', 'CHANGED_SINCE'])
  })

  const step = (versionBefore: string | null, versionAfter: string | null) => ({
    kind: 'UPDATE' as const,
    versionBefore,
    versionAfter,
  })

  test.each([
    ['nobody wrote since', [step(null, '1')], '1', true],
    ['only we wrote since', [step(null, '1'), step('1', '2')], '2', true],
    ['someone wrote last', [step(null, '1')], '2', false],
    ['someone wrote in between', [step(null, '1'), step('2', '3')], '3', false],
    ['a version of ours is not known', [step(null, null), step('1', '2')], '2', false],
    ['the version of the creation is not known', [step(null, null)], '1', false],
    ['nothing is known of its creation', [], '1', false],
  ])('the record is untouched or not: %s', (_, steps, version, untouched) => {
    expect(isUntouchedSince(steps, version)).toBe(untouched)
  })
})

describe('a deletion', () => {
  const deletion: UndoableWrite = {
    ...update('gone', { name: ['Old', null], telephone1: ['1', null], owneridtype: ['2', null] }),
    kind: 'DELETE',
  }

  test('is undone by a new record with what the old one held and the system takes', () => {
    const { action, results } = plan([deletion], null)
    expect(action).toEqual({ kind: 'create', values: { name: 'Old', telephone1: '1' } })
    expect(results).toMatchObject([{ outcome: 'UNDONE' }])
  })

  test('and what was written before it: the new record holds what stood before both', () => {
    const { action } = plan([deletion, update('w', { name: ['Older', 'Old'] })], null)
    expect(action).toMatchObject({ values: { name: 'Older', telephone1: '1' } })
  })

  test('of a record that the same writes had created leaves nothing to do', () => {
    const creation: UndoableWrite = { ...update('made', { name: [null, 'Old'] }), kind: 'CREATE' }
    const { action, results } = plan([deletion, creation], null)
    expect(action).toEqual({ kind: 'none' })
    expect(results.map((result) => result.outcome)).toEqual(['UNDONE', 'UNDONE'])
  })

  test('is not undone beside a record that exists', () => {
    expect(plan([deletion], held({ name: 'Old' })).results).toMatchObject([{ outcome: 'NOT_POSSIBLE' }])
  })
})
