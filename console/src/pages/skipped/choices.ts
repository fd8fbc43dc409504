import type { ComparisonQuery, FieldChoice, Side } from './generated/graphql.js'

export type Compared = NonNullable<ComparisonQuery['skippedSynchRecordComparison']>
export type ComparedField = Compared['fields'][number]

/** What somebody wants a field to hold on both sides: the value of a side, or one of his own (null: blank). */
export type Choice =
  { readonly kind: 'side'; readonly side: Side } | { readonly kind: 'own'; readonly value: string }
export type Choices = ReadonlyMap<string, Choice>

/** Whether somebody has to say what it shall hold: both sides differ, and both may give. */
export function isOpen({ equal, direction }: ComparedField): boolean {
  return !equal && direction === 'BIDIRECTIONAL'
}

/** What is recommended, field by field; what only a person can decide is left open. */
export function recommended(fields: readonly ComparedField[]): Choices {
  return new Map(
    fields.flatMap((field) =>
      isOpen(field) && field.recommended != null
        ? [[field.name, { kind: 'side', side: field.recommended }] as const]
        : [],
    ),
  )
}

/** All of one side. */
export function allOf(side: Side, fields: readonly ComparedField[]): Choices {
  return new Map(fields.filter(isOpen).map(({ name }) => [name, { kind: 'side', side }] as const))
}

/** Fields that nobody has chosen for yet. */
export function undecided(fields: readonly ComparedField[], choices: Choices): readonly ComparedField[] {
  return fields.filter((field) => isOpen(field) && !choices.has(field.name))
}

/** As the API takes them. */
export function toFieldChoices(fields: readonly ComparedField[], choices: Choices): readonly FieldChoice[] {
  return fields.filter(isOpen).flatMap(({ name }): readonly FieldChoice[] => {
    const choice = choices.get(name)
    if (choice === undefined) return []
    return choice.kind === 'side'
      ? [{ name, keep: choice.side }]
      : [{ name, value: choice.value === '' ? null : choice.value }]
  })
}
