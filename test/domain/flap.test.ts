import { describe, expect, it } from 'vitest'
import {
  guardFlap,
  LONG_QUIET,
  MOST_ROUNDS,
  nextFlap,
  SHORT_QUIET,
  type FlapMoment,
  type FlapState,
  type FlapWrite,
} from '../../src/domain/flap.js'
import type { Side } from '../../src/domain/value.js'
import { MONEY_CONTEXT, Pair } from './pair.js'
import { FROM, TO } from './support.js'

const HALF_HOUR = 30 * 60_000
const write = (side: Side, ...names: string[]): FlapWrite => ({
  side,
  fields: (names.length === 0 ? ['phone'] : names).map((name) => ({
    name,
    caption: name === 'phone' ? 'Phone No.' : 'Name',
    local: 'x',
    integration: null,
  })),
})
const at = (run: number, time = run * HALF_HOUR): FlapMoment => ({ run, time })

/** Carries out writes one after the other; how many were carried before one was stopped. */
function carry(writes: readonly (readonly [FlapWrite, FlapMoment])[]): number {
  let state: FlapState | null = null
  for (const [index, [written, moment]] of writes.entries()) {
    const result = nextFlap(state, written, moment)
    if (result.kind === 'stop') return index
    state = result.state
  }
  return writes.length
}
const alternating = (length: number, moment: (index: number) => FlapMoment) =>
  Array.from(
    { length },
    (_, index) => [write(index % 2 === 0 ? 'INTEGRATION' : 'LOCAL'), moment(index)] as const,
  )

describe('nextFlap', () => {
  it('stops after five rounds, whether a run makes one of them or two', () => {
    expect(carry(alternating(20, (index) => at(index)))).toBe(1 + MOST_ROUNDS)
    expect(carry(alternating(20, (index) => at(Math.floor(index / 2))))).toBe(1 + MOST_ROUNDS)
  })

  it('stops also where hints wake runs that find the pair at rest for a moment', () => {
    expect(carry(alternating(20, (index) => at(index * 7, index * 60_000)))).toBe(1 + MOST_ROUNDS)
  })

  it('does not count edits between which a run found the pair at rest', () => {
    expect(carry(alternating(20, (index) => at(index * 2, index * SHORT_QUIET)))).toBe(20)
  })

  it('does not count edits a day apart, though no run came in between', () => {
    expect(carry(alternating(20, (index) => at(index, index * LONG_QUIET)))).toBe(20)
  })

  it('does not count one side that is edited again and again', () => {
    expect(carry(Array.from({ length: 20 }, (_, index) => [write('LOCAL'), at(index)] as const))).toBe(20)
  })

  it('begins anew where one side is written twice in a row', () => {
    const writes = alternating(40, (index) => at(index)).map(
      ([written, moment], index) => [index % 4 === 3 ? write('INTEGRATION') : written, moment] as const,
    )
    expect(carry(writes)).toBe(40)
  })

  it('counts each field by itself: different fields carried to and fro are no fight', () => {
    const writes = Array.from(
      { length: 20 },
      (_, index) =>
        [index % 2 === 0 ? write('INTEGRATION', 'phone') : write('LOCAL', 'name'), at(index)] as const,
    )
    expect(carry(writes)).toBe(20)
  })

  it('names the fields that fight, and their values, and no others', () => {
    let state: FlapState | null = null
    for (const [written, moment] of alternating(1 + MOST_ROUNDS, (index) => at(index))) {
      const result = nextFlap(state, written, moment)
      if (result.kind === 'stop') throw new Error('Too early.')
      state = result.state
    }
    const result = nextFlap(state, write('INTEGRATION', 'name', 'phone'), at(1 + MOST_ROUNDS))
    expect(result).toMatchObject({
      kind: 'stop',
      failure: {
        errorClass: 'CONFLICT',
        message: "The two systems keep changing Phone No. against each other (Phone No.: 'x' and blank).",
        field: 'phone',
      },
    })
  })

  it('is safe as JSON', () => {
    const result = nextFlap(null, write('LOCAL'), at(1))
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })
})

describe('guardFlap', () => {
  /** Both systems' automations put their own phone back whenever ours arrives. */
  const fight = (rounds: number) => {
    const pair = new Pair()
    let state: FlapState | null = null
    for (let run = 0; run < rounds; run += 1) {
      const isTo = run % 2 === 0
      if (isTo) pair.editLocal({ phoneNumber: 'mine' }, pair.local.stamp + 60_000)
      else pair.editIntegration({ telephone1: 'theirs' }, pair.integration.stamp + 60_000)
      const { mapping, local, integration, coupling } = pair
      if (coupling === null) throw new Error('The pair is coupled.')
      const guarded = guardFlap(pair.ask(isTo ? TO : FROM), {
        mapping,
        context: MONEY_CONTEXT,
        coupling,
        local,
        integration,
        previous: state,
        at: at(run),
      })
      if (guarded.decision.outcome === 'conflict') return { carried: run, ...guarded }
      pair.carryOut(guarded.decision, { by: 'JOB', source: isTo ? 'LOCAL' : 'INTEGRATION' })
      state = guarded.state
    }
    return { carried: rounds, decision: null, state }
  }

  it('makes a conflict of the sixth round, with all that a person must see, and forgets the rounds', () => {
    const { carried, decision, state } = fight(20)
    expect(carried).toBe(1 + MOST_ROUNDS)
    expect(state).toBeNull()
    expect(decision).toMatchObject({
      row: 14,
      outcome: 'conflict',
      failure: {
        message:
          "The two systems keep changing Main Phone against each other (Main Phone: 'mine' and 'theirs').",
        field: 'phoneNumber:telephone1',
      },
      detail: {
        fields: expect.arrayContaining([expect.objectContaining({ name: 'phoneNumber:telephone1' })]),
      },
    })
  })

  it('never stops a person, and forgets the rounds after him', () => {
    const { state } = fight(MOST_ROUNDS)
    const pair = new Pair().editLocal({ phoneNumber: '2' })
    const decision = pair.ask(TO, { mode: { kind: 'forced', overwrite: false, seen: null } })
    const { mapping, local, integration, coupling } = pair
    if (coupling === null) throw new Error('The pair is coupled.')
    const input = {
      mapping,
      context: MONEY_CONTEXT,
      coupling,
      local,
      integration,
      previous: state,
      at: at(9),
    }
    expect(guardFlap(decision, input)).toEqual({ decision, state: null })
  })

  it('leaves other decisions as they are', () => {
    const pair = new Pair()
    const { mapping, local, integration, coupling } = pair
    if (coupling === null) throw new Error('The pair is coupled.')
    const previous: FlapState = { fields: {} }
    const input = { mapping, context: MONEY_CONTEXT, coupling, local, integration, previous, at: at(9) }
    const decision = pair.ask(TO)
    expect(guardFlap(decision, input)).toEqual({ decision, state: previous })
  })
})
