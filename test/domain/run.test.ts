import { describe, expect, it } from 'vitest'
import { carries, directionsOf, type Direction } from '../../src/domain/mapping.js'
import {
  isFinished,
  isWider,
  passesOf,
  RUN_TRANSITIONS,
  RunStatus,
  type RunMode,
} from '../../src/domain/run.js'
import { FROM, TO } from './support.js'

describe('passesOf', () => {
  it.each<readonly [Direction, typeof TO | typeof FROM | null, readonly Direction[]]>([
    ['BIDIRECTIONAL', null, [TO, FROM]],
    ['BIDIRECTIONAL', FROM, [FROM]],
    [TO, null, [TO]],
    [FROM, null, [FROM]],
    [TO, FROM, []],
  ])('%s, asked for %s', (direction, asked, passes) => {
    expect(passesOf(direction, asked)).toEqual(passes)
  })

  it('is To before From wherever both are carried', () => {
    expect(directionsOf('BIDIRECTIONAL')).toEqual([TO, FROM])
    for (const pass of [TO, FROM] as const) {
      expect(carries({ direction: 'BIDIRECTIONAL' }, pass)).toBe(true)
      expect(carries({ direction: TO }, pass)).toBe(pass === TO)
    }
  })
})

describe('isWider', () => {
  const run = (mode: RunMode, direction: typeof TO | typeof FROM | null = null) => ({ mode, direction })

  it.each([
    ['the same', run('MODIFIED'), run('MODIFIED'), false],
    ['a wider mode', run('FULL'), run('MODIFIED'), true],
    ['the widest mode', run('UNCONDITIONAL'), run('FULL'), true],
    ['a narrower mode', run('MODIFIED'), run('UNCONDITIONAL'), false],
    ['one direction while both run', run('MODIFIED', TO), run('MODIFIED'), false],
    ['both directions while one runs', run('MODIFIED'), run('MODIFIED', TO), true],
    ['the other direction', run('MODIFIED', FROM), run('MODIFIED', TO), true],
    ['the same direction', run('MODIFIED', TO), run('MODIFIED', TO), false],
  ])('%s', (_name, requested, running, wider) => {
    expect(isWider(requested, running)).toBe(wider)
  })
})

describe('the status of a run', () => {
  it.each(Object.values(RunStatus))('%s leads only to statuses that are not behind it', (status) => {
    const order: readonly RunStatus[] = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED']
    for (const next of RUN_TRANSITIONS[status])
      expect(order.indexOf(next)).toBeGreaterThan(order.indexOf(status))
    expect(isFinished(status)).toBe(['COMPLETED', 'FAILED', 'CANCELLED'].includes(status))
  })
})
