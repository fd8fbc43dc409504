import type { UpdatePolicy } from '../policies.js'
import { judgePair, type PairedField, type PairedTables, type PairJudgement, type Way } from './pair.js'

/** A table of which a mapping is made, with what its system says of its fields. */
export interface PairedTable {
  readonly caption: string
  readonly fields: readonly (PairedField & { readonly required: boolean })[]
}

/** Null: not read yet. */
export interface BothTables {
  readonly local: PairedTable | null
  readonly integration: PairedTable | null
}

export type Choices = ReadonlyMap<string, boolean>

/** A mapping that is being made. */
export interface NewDraft {
  readonly connection: string
  readonly localTable: string
  readonly integrationTable: string
  readonly name: string
  /** Somebody has typed the name: another table does not change it any more. */
  readonly isNamed: boolean
  readonly direction: Way
  /** Pairs that somebody has taken (true) or left, by {@link pairName}; of the others the likely ones are taken. */
  readonly choices: Choices
  /** Pairs that were chosen by hand. */
  readonly own: readonly FieldPair[]
  readonly creates: boolean
  readonly updateConflictPolicy: UpdatePolicy
  /** The pair that tells which records belong together; empty: none. */
  readonly match: string
  readonly paused: boolean
}

export interface FieldPair {
  readonly localField: string
  readonly integrationField: string
}

/** A pair with what people call its fields, why it is there, and what can be done with it. */
export interface OfferedPair extends FieldPair {
  readonly name: string
  readonly localCaption: string
  readonly integrationCaption: string
  /** Null: somebody chose it by hand. */
  readonly reason: string | null
  /** It is taken unless somebody leaves it. */
  readonly isLikely: boolean
  readonly judgement: PairJudgement
}

/** A pair as the API suggests it. */
export interface Suggestion extends FieldPair {
  readonly reason: string
  readonly equal: boolean
}

export function newDraft(connection: string): NewDraft {
  return {
    connection,
    localTable: '',
    integrationTable: '',
    name: '',
    isNamed: false,
    direction: 'BIDIRECTIONAL',
    choices: new Map(),
    own: [],
    creates: true,
    updateConflictPolicy: 'NONE',
    match: '',
    paused: true,
  }
}

/** What the API calls a field mapping. */
export function pairName({ localField, integrationField }: FieldPair): string {
  return `${localField}:${integrationField}`
}

/** Pairs that can be taken: those chosen by hand, then what is suggested of the other fields. */
export function offeredPairs(
  draft: Pick<NewDraft, 'own' | 'direction'>,
  suggested: readonly Suggestion[],
  tables: BothTables,
  mappings: readonly PairedTables[],
): readonly OfferedPair[] {
  const chosen = draft.own.map((pair) => ({ ...pair, reason: null, equal: true }))
  const others = suggested.filter(
    ({ localField, integrationField }) =>
      !draft.own.some((pair) => pair.localField === localField || pair.integrationField === integrationField),
  )
  return [...chosen, ...others].flatMap(({ localField, integrationField, reason, equal }) => {
    const local = tables.local?.fields.find(({ name }) => name === localField)
    const integration = tables.integration?.fields.find(({ name }) => name === integrationField)
    if (local === undefined || integration === undefined) return []
    return [
      {
        localField,
        integrationField,
        name: pairName({ localField, integrationField }),
        localCaption: local.caption,
        integrationCaption: integration.caption,
        reason,
        isLikely: equal,
        judgement: judgePair(local, integration, draft.direction, mappings),
      },
    ]
  })
}

export function takenPairs(choices: Choices, offered: readonly OfferedPair[]): readonly OfferedPair[] {
  return offered.filter((pair) => isTaken(choices, pair))
}

export function isTaken(choices: Choices, { name, isLikely, judgement }: OfferedPair): boolean {
  return judgement.kind === 'carried' && (choices.get(name) ?? isLikely)
}

/** The pair by which records belong together, as long as it is taken; empty: none. */
export function matchOf(draft: Pick<NewDraft, 'match'>, taken: readonly FieldPair[]): string {
  return taken.some((pair) => pairName(pair) === draft.match) ? draft.match : ''
}

/** A new mapping in the words of the API. */
export interface NewMappingInput {
  readonly name: string
  readonly localTable: string
  readonly integrationTable: string
  readonly direction: Way
  readonly synchOnlyCoupledRecords: boolean
  readonly updateConflictPolicy: UpdatePolicy
  readonly fields: readonly (FieldPair & {
    readonly direction: Way
    readonly status: 'ENABLED'
    readonly lookupMappings?: string[]
    readonly timeZone?: string
  })[]
  readonly dependsOn?: string[]
  readonly matchRules?: { readonly priority: number; readonly pairs: FieldPair[] }[]
}

/** The mapping as the API makes it. `timeZone`: where a day begins. */
export function inputOfNew(
  draft: NewDraft,
  taken: readonly OfferedPair[],
  timeZone: string,
): NewMappingInput {
  const match = matchOf(draft, taken)
  const matching = taken.find(({ name }) => name === match)
  const fields = taken.flatMap(({ localField, integrationField, judgement }) =>
    judgement.kind === 'refused'
      ? []
      : [
          {
            localField,
            integrationField,
            direction: judgement.direction,
            status: 'ENABLED' as const,
            ...(judgement.lookupMappings.length === 0
              ? {}
              : { lookupMappings: [...judgement.lookupMappings] }),
            ...(judgement.needsTimeZone ? { timeZone } : {}),
          },
        ],
  )
  const dependsOn = [...new Set(fields.flatMap(({ lookupMappings }) => lookupMappings ?? []))]
  return {
    name: draft.name.trim(),
    localTable: draft.localTable,
    integrationTable: draft.integrationTable,
    direction: draft.direction,
    synchOnlyCoupledRecords: !draft.creates,
    updateConflictPolicy: draft.direction === 'BIDIRECTIONAL' ? draft.updateConflictPolicy : 'NONE',
    fields,
    ...(dependsOn.length === 0 ? {} : { dependsOn: dependsOn.filter((name) => name !== draft.name.trim()) }),
    ...(matching === undefined
      ? {}
      : {
          matchRules: [
            {
              priority: 1,
              pairs: [{ localField: matching.localField, integrationField: matching.integrationField }],
            },
          ],
        }),
  }
}

/** Fields that a system refuses to create a record without, and that the pairs do not carry; by their captions. */
export function missingFields(
  draft: NewDraft,
  taken: readonly OfferedPair[],
  tables: BothTables,
): readonly string[] {
  if (!draft.creates) return []
  const sides = [
    [tables.integration, 'TO_INTEGRATION_TABLE', 'integrationField'],
    [tables.local, 'FROM_INTEGRATION_TABLE', 'localField'],
  ] as const
  return sides.flatMap(([table, pass, end]) => {
    if (draft.direction !== 'BIDIRECTIONAL' && draft.direction !== pass) return []
    const carried = taken.filter(
      ({ judgement }) =>
        judgement.kind === 'carried' &&
        (judgement.direction === pass || judgement.direction === 'BIDIRECTIONAL'),
    )
    return (table?.fields ?? [])
      .filter(
        ({ name, required, readOnly }) =>
          required && !readOnly && !carried.some((pair) => pair[end] === name),
      )
      .map(({ caption }) => `${table?.caption ?? ''}: ${caption}`)
  })
}
