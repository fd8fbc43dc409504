import type { Base, BaseValue, CoupledSide, Coupling } from './coupling.js'
import { mappedValue, sourceOf, type MappingDefinition, type PassDirection } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { otherSide, Side, type Value, type Values } from './value.js'

/**
 * What a scheduled decision about a pair was made on, besides the values of the other record, as compactly as it goes: of the
 * base only where it differs from what the sides held. JSON-safe.
 */
export interface PairBefore {
  readonly pass: PassDirection
  /** The record that was written, as it was read. */
  readonly own: Values
  readonly local: Read
  readonly integration: Read
  readonly coupled: { readonly local: CoupledSide; readonly integration: CoupledSide }
  readonly last: Coupling['last']
  /** By name of the field mapping, local and integration value; null: first contact was still to come. */
  readonly base: Readonly<Record<string, readonly [Value, Value]>> | null
  /** Field mappings without a base. */
  readonly baseless: readonly string[]
}

interface Read {
  readonly version: string
  readonly stamp: number
}

/** A pair as it was when it was decided. */
export interface DecidedPair {
  readonly pass: PassDirection
  readonly coupling: Coupling
  readonly local: RecordSnapshot
  readonly integration: RecordSnapshot
}

/** Packs a pair as it was when a write to `side` was decided. */
export function packPair(mapping: MappingDefinition, side: Side, pair: DecidedPair): PairBefore {
  const { coupling, local, integration } = pair
  const base: Record<string, readonly [Value, Value]> = {}
  const baseless: string[] = []
  for (const field of coupling.base === null ? [] : mapping.fields) {
    const agreed = coupling.base?.[field.name]
    if (agreed === undefined) baseless.push(field.name)
    else if (
      agreed.local !== mappedValue(field, Side.local, local.values) ||
      agreed.integration !== mappedValue(field, Side.integration, integration.values)
    ) {
      base[field.name] = [agreed.local, agreed.integration]
    }
  }
  return {
    pass: pair.pass,
    own: (side === Side.local ? local : integration).values,
    local: { version: local.version, stamp: local.stamp },
    integration: { version: integration.version, stamp: integration.stamp },
    coupled: { local: coupling.local, integration: coupling.integration },
    last: coupling.last,
    base: coupling.base === null ? null : base,
    baseless,
  }
}

/**
 * The pair as it was when a write to `side` was decided. `mapping`: the version it was decided by; the ids and the values of the
 * other record as the write was recorded with them. Fields that were not read then have no base.
 */
export function unpackPair(
  mapping: MappingDefinition,
  side: Side,
  packed: PairBefore,
  recorded: { readonly localId: string; readonly integrationId: string; readonly other: Values },
): DecidedPair {
  const values = { [side]: packed.own, [otherSide(side)]: recorded.other } as Record<Side, Values>
  const local = { id: recorded.localId, ...packed.local, values: values.LOCAL }
  const integration = { id: recorded.integrationId, ...packed.integration, values: values.INTEGRATION }
  const base = packed.base === null ? null : baseOf(mapping, packed, local.values, integration.values)
  const coupling = {
    local: packed.coupled.local,
    integration: packed.coupled.integration,
    base,
    last: packed.last,
  }
  return { pass: packed.pass, coupling, local, integration }
}

function baseOf(mapping: MappingDefinition, packed: PairBefore, local: Values, integration: Values): Base {
  const base: Record<string, BaseValue> = {}
  for (const field of mapping.fields) {
    if (packed.baseless.includes(field.name)) continue
    const differing = packed.base?.[field.name]
    if (differing !== undefined) {
      base[field.name] = { local: differing[0], integration: differing[1] }
      continue
    }
    const held = {
      local: field.localField === null ? (field.constant ?? null) : local[field.localField],
      integration:
        field.integrationField === null ? (field.constant ?? null) : integration[field.integrationField],
    }
    if (held.local === undefined || held.integration === undefined) continue
    base[field.name] = { local: held.local, integration: held.integration }
  }
  return base
}

/** The side from which a pair's pass reads, and what it found there. */
export function sourceOfPair(pair: DecidedPair): RecordSnapshot {
  return sourceOf(pair.pass) === Side.local ? pair.local : pair.integration
}
