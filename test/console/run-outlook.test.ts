import { expect, test } from 'vitest'
import { isUndone, writtenAgain } from '../../console/src/pages/history/run-outlook.js'

const write = (id: string, run: string) => ({ side: 'LOCAL', record: { id }, run: { id: run } })
const own = [write('1', 'run'), write('1', 'run'), write('2', 'run')]

test('records that others wrote since are counted once, as far as all was read', () => {
  const later = [write('1', 'other'), write('2', 'run'), write('3', 'other')]
  expect(writtenAgain('run', { nodes: own, hasMore: false }, { nodes: later, hasMore: false })).toEqual({
    count: 1,
    isExact: true,
  })
  expect(writtenAgain('run', { nodes: own, hasMore: false }, { nodes: [], hasMore: true })).toEqual({
    count: 0,
    isExact: false,
  })
})

test('a run is undone once all of it is, not when that is so of what was read', () => {
  const undone = [{ undoneBy: { id: '9' } }]
  expect(isUndone({ nodes: undone, hasMore: false })).toBe(true)
  expect(isUndone({ nodes: undone, hasMore: true })).toBe(false)
  expect(isUndone({ nodes: [...undone, { undoneBy: null }], hasMore: false })).toBe(false)
})
