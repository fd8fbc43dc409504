import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConflictDetection, Direction, UpdateConflictPolicy } from '../../src/domain/mapping.js'
import { Side, type Value, type Values } from '../../src/domain/value.js'
import { Model } from './model.js'
import { MODEL_MAPPING, POOLS, type Beginning, type Step, type World } from './model-world.js'
import { FROM, TO } from './support.js'

const SIDES = Object.values(Side)
const anyOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
const passes = anyOf([TO, FROM] as const)

const valuesOf = (side: Side): fc.Arbitrary<Values> =>
  fc.record(Object.fromEntries(Object.entries(POOLS[side]).map(([name, pool]) => [name, anyOf<Value>(pool)])))

const edits = fc.oneof(
  ...SIDES.flatMap((side) =>
    Object.entries(POOLS[side]).map(([field, pool]) =>
      anyOf<Value>(pool).map((value): Step => ({ kind: 'edit', side, field, value })),
    ),
  ),
)

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: edits },
  { weight: 5, arbitrary: passes.map((pass): Step => ({ kind: 'pass', pass })) },
  {
    weight: 3,
    arbitrary: anyOf([5, 400, 3_000, 400_000]).map((milliseconds): Step => ({ kind: 'wait', milliseconds })),
  },
  { weight: 1, arbitrary: anyOf(SIDES).map((side): Step => ({ kind: 'save', side })) },
  { weight: 1, arbitrary: anyOf(SIDES).map((side): Step => ({ kind: 'keep', side })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ side: anyOf(SIDES), milliseconds: anyOf([500, 2_500, 90_000, 1_000_000]) })
      .map((told): Step => ({ kind: 'clockFalls', ...told })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ pass: passes, overwrite: fc.boolean() })
      .map((told): Step => ({ kind: 'synchronize', ...told })),
  },
)

const worlds = (mapping: fc.Arbitrary<World['mapping']>): fc.Arbitrary<World> =>
  fc.record({
    mapping,
    resolution: fc.record({ LOCAL: anyOf([1, 1_000]), INTEGRATION: anyOf([1, 1_000]) }),
    offset: fc.record({ LOCAL: anyOf([0, 45_000, -300_000]), INTEGRATION: anyOf([0, -45_000, 300_000]) }),
    beginning: anyOf<Beginning>(['agreed', 'fresh', { alone: Side.local }, { alone: Side.integration }]),
    values: fc.record({ LOCAL: valuesOf(Side.local), INTEGRATION: valuesOf(Side.integration) }),
  })

const MAPPINGS = Object.values(Direction).flatMap((direction) =>
  Object.values(ConflictDetection).flatMap((conflictDetection) =>
    Object.values(UpdateConflictPolicy).map((updateConflictPolicy) => ({
      ...MODEL_MAPPING,
      direction,
      conflictDetection,
      updateConflictPolicy,
    })),
  ),
)

const HISTORIES = 1_000

describe('two editable systems come to rest and agree', () => {
  it.each(MAPPINGS)('$direction, $conflictDetection, $updateConflictPolicy', (mapping) => {
    let rested = 0
    fc.assert(
      fc.property(
        worlds(fc.constant(mapping)),
        fc.array(steps, { maxLength: 30, size: 'max' }),
        (world, history) => {
          const model = new Model(world)
          for (const step of history) model.step(step)
          model.runUntilQuiet()
          const disagreements = model.disagreements()
          if (disagreements.length > 0) throw model.broken(disagreements.join('\n'))
          if (!model.isSkipped) rested += 1
        },
      ),
      { numRuns: HISTORIES },
    )
    expect(rested).toBeGreaterThan(HISTORIES / 10)
  })
})
