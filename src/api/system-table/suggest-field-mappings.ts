import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { FieldType } from '../../domain/value.js'
import type { FieldMappingSuggestionType } from './system-table.type.js'

/** Types whose values can be carried between one another as they are. Texts hold anything; lookups need a mapping of their own. */
const FAMILIES: Readonly<Record<FieldType['kind'], string>> = {
  text: 'text',
  code: 'text',
  decimal: 'number',
  integer: 'number',
  boolean: 'boolean',
  option: 'option',
  guid: 'guid',
  lookup: 'lookup',
  date: 'date',
  dateTime: 'date',
  unsupported: 'unsupported',
}

/** Prefixes that one system puts before names the other has without them. */
const PREFIXES = /^(?:address1|cdm|msdyn|new)/

/**
 * Pairs fields with equal or similar names and captions and with compatible types, each field at most once, best pairs
 * first. A suggestion, for a person to judge.
 */
export function suggestFieldMappings(
  local: TableDefinition,
  integration: TableDefinition,
): readonly FieldMappingSuggestionType[] {
  const candidates = local.fields.flatMap((one) =>
    integration.fields.flatMap((other) => {
      const likeness = isCompatible(one, other) ? likenessOf(one, other) : null
      return likeness === null ? [] : [{ one, other, ...likeness }]
    }),
  )
  const taken = new Set<FieldDefinition>()
  const suggestions: FieldMappingSuggestionType[] = []
  for (const { one, other, reason, equal } of candidates.toSorted(
    (left, right) => right.score - left.score,
  )) {
    if (taken.has(one) || taken.has(other)) continue
    taken.add(one).add(other)
    suggestions.push({
      localField: one.name,
      localCaption: one.caption,
      integrationField: other.name,
      integrationCaption: other.caption,
      reason,
      equal,
    })
  }
  return suggestions
}

function isCompatible(one: FieldDefinition, other: FieldDefinition): boolean {
  const kind = FAMILIES[one.type.kind]
  if (kind === 'unsupported' || kind !== FAMILIES[other.type.kind]) return false
  return one.readOnly !== true || other.readOnly !== true
}

function likenessOf(
  one: FieldDefinition,
  other: FieldDefinition,
): { readonly score: number; readonly reason: string; readonly equal: boolean } | null {
  const captions = [plain(one.caption), plain(other.caption)] as const
  const names = [plain(one.name), plain(other.name).replace(PREFIXES, '')] as const
  if (names[0] === names[1]) return { score: 4, reason: 'Equal names.', equal: true }
  if (captions[0] === captions[1]) return { score: 3, reason: 'Equal captions.', equal: true }
  if (names[0] === captions[1] || names[1] === captions[0]) {
    return { score: 2, reason: 'The name of one is the caption of the other.', equal: true }
  }
  const likeness = Math.max(overlap(names[0], names[1]), overlap(captions[0], captions[1]))
  return likeness < 0.75 ? null : { score: likeness, reason: 'Similar names.', equal: false }
}

/** Letters and digits in small letters. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** Share of pairs of neighbouring letters that both have, from 0 to 1 (Dice's coefficient). */
function overlap(one: string, other: string): number {
  const pairs = pairsOf(other)
  const common = pairsOf(one).filter((pair) => {
    const index = pairs.indexOf(pair)
    if (index < 0) return false
    pairs.splice(index, 1)
    return true
  }).length
  const whole = Math.max(0, one.length - 1) + Math.max(0, other.length - 1)
  return whole === 0 ? 0 : (2 * common) / whole
}

function pairsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2))
}
