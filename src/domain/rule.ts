import { Direction, UpdateConflictPolicy, type MappingDefinition } from './mapping.js'
import { Side } from './value.js'

/** A decision about one record that is to hold for all: who owns fields, or who wins as a whole. */
export type Rule =
  | { readonly kind: 'owners'; readonly owners: Readonly<Record<string, Side>> }
  | { readonly kind: 'policy'; readonly policy: UpdateConflictPolicy }

/** A definition with a rule; or why the mapping cannot have it, by the name of the field at fault (null: the mapping). */
export type RuledDefinition =
  | { readonly definition: MappingDefinition }
  | { readonly problems: readonly { readonly field: string | null; readonly message: string }[] }

/** Side kept as a whole: Resolve Update Conflicts says so from now on. */
export function policyKeeping(side: Side): UpdateConflictPolicy {
  return side === Side.local
    ? UpdateConflictPolicy.sendToIntegration
    : UpdateConflictPolicy.getFromIntegration
}

/** The mapping with the rule. Owners and policies decide conflicts, which only what is carried both ways can have. */
export function withRule(definition: MappingDefinition, rule: Rule): RuledDefinition {
  if (definition.direction !== Direction.bidirectional) {
    const message = `${definition.name} is one-way, so no two edits of it ever conflict.`
    return { problems: [{ field: null, message }] }
  }
  if (rule.kind === 'policy') return { definition: { ...definition, updateConflictPolicy: rule.policy } }
  const problems = Object.keys(rule.owners).flatMap((name) => {
    const field = definition.fields.find((candidate) => candidate.name === name)
    if (field === undefined) {
      const known = definition.fields.map((candidate) => candidate.name).join(', ')
      return [{ field: name, message: `${definition.name} has no such field mapping. It has: ${known}.` }]
    }
    return field.direction === Direction.bidirectional
      ? []
      : [{ field: name, message: `${name} is carried one way only, so it has no owner.` }]
  })
  if (problems.length > 0) return { problems }
  const fields = definition.fields.map((field) => {
    const owner = rule.owners[field.name]
    return owner === undefined ? field : { ...field, owner }
  })
  return { definition: { ...definition, fields } }
}
