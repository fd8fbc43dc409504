import { isDeepStrictEqual } from 'node:util'
import { directionsOf, enabledPart, type FieldMapping, type MappingDefinition } from '../../domain/mapping.js'

/** What follows from a change of a mapping that its author may not expect; whole sentences. */
export function consequencesOf(before: MappingDefinition, after: MappingDefinition): readonly string[] {
  const consequences: string[] = []
  if (
    !isDeepStrictEqual(before.localFilter, after.localFilter) ||
    !isDeepStrictEqual(before.integrationFilter, after.integrationFilter)
  ) {
    consequences.push(
      'Records that the changed filter lets in are read when they change, or by a full synchronization. Couplings of records that it leaves out stay.',
    )
  }
  const fresh = carriedAnew(before, after).map((field) => field.name)
  if (fresh.length > 0) {
    consequences.push(
      `${fresh.join(', ')}: carried when a record changes. Differences that are there already are found by a reconciliation; an unconditional synchronization of a one-way mapping writes them.`,
    )
  }
  if (before.onlyCoupled && !after.onlyCoupled) {
    consequences.push(
      'Records without a partner are now created on the other side when they change; a full synchronization creates all of them.',
    )
  }
  const added = directionsOf(after.direction).filter((pass) => !directionsOf(before.direction).includes(pass))
  if (added.length > 0) {
    consequences.push(
      `Records are now also carried ${added.join(' and ')}: the first pass reads from the watermark of that direction on.`,
    )
  }
  return consequences
}

/** Enabled field mappings that were not carried in that direction before. */
function carriedAnew(before: MappingDefinition, after: MappingDefinition): readonly FieldMapping[] {
  const known = enabledPart(before).fields
  return enabledPart(after).fields.filter((field) => {
    const old = known.find((candidate) => candidate.name === field.name)
    if (old === undefined) return true
    return directionsOf(field.direction).some((pass) => !directionsOf(old.direction).includes(pass))
  })
}
