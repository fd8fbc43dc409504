import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ErrorClass } from '../../src/domain/failure.js'
import { TABLE } from './decide-table/table.js'
import { TIMELINES } from './timeline-places.js'

const folder = import.meta.dirname
const spec = readFileSync(join(folder, '../../src/domain/SPEC.md'), 'utf8')
const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
const sources = tests.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')

const section = (number: number): string =>
  spec.split(/^## /m).find((text) => text.startsWith(`${number}. `)) ?? ''
const firstCells = (text: string): string[] =>
  [...text.matchAll(/^\| *([^|]+?) *\|/gm)].map((match) => match[1] ?? '')
const numbers = (text: string) => firstCells(text).filter((cell) => /^\d+$/.test(cell))

describe('SPEC.md', () => {
  it('has one row per row of the tested table', () => {
    const rows = firstCells(section(3)).filter((cell) =>
      /^(\d+|forced|resolved|merged|coupling|given)$/.test(cell),
    )
    expect(rows).toEqual(Object.keys(TABLE))
  })

  it('names for each invariant tests that exist', () => {
    const invariants = section(10)
    const named = [...invariants.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(numbers(invariants)).toHaveLength(15)
    expect(named.length).toBeGreaterThan(11)
    expect(named.filter((name) => !sources.includes(name))).toEqual([])
  })

  it('names only test files that exist', () => {
    const named = [...spec.matchAll(/`([\w.-]+\.test\.ts)`/g)].map((match) => match[1] ?? '')
    expect(named.filter((name) => !tests.includes(name))).toEqual([])
  })

  it('tells every timeline, and each is a test', () => {
    expect(numbers(section(11))).toEqual(Object.keys(TIMELINES))
    const places = Object.entries(TIMELINES).flatMap(([number, held]) =>
      held.map((place) => ({ number, ...place })),
    )
    const missing = places.filter(
      ({ file, name }) => !readFileSync(join(folder, '..', file), 'utf8').includes(`'${name}`),
    )
    expect(missing).toEqual([])
  })

  it('tells every class of failure', () => {
    expect(
      Object.values(ErrorClass).filter((errorClass) => !section(6).includes(`\`${errorClass}\``)),
    ).toEqual([])
  })
})
