import type { ChoiceOption, Column, ColumnType, Lookup, LookupWay } from '../common/table.js'

/** Short forms in which the tables of Dataverse are written down. */
export const column = (name: string, type: ColumnType, rest: Partial<Column> = {}): Column => ({
  name,
  type,
  ...rest,
})
export const text = (name: string, length: number, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'text', length }, rest)
export const memo = (name: string, rest: Partial<Column> = {}): Column => column(name, { kind: 'memo' }, rest)
export const guid = (name: string, rest: Partial<Column> = {}): Column => column(name, { kind: 'guid' }, rest)
export const boolean = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'boolean' }, rest)
export const integer = (name: string, minimum: number, maximum: number, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'integer', minimum, maximum }, rest)
export const moment = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'dateTime', digits: 0 }, rest)
export const date = (name: string, rest: Partial<Column> = {}): Column => column(name, { kind: 'date' }, rest)

/** Options with the values 1, 2, 3 and so on. */
export const numbered = (labels: readonly string[], first = 1): ChoiceOption[] =>
  labels.map((label, index) => ({ value: first + index, label }))
export const choice = (name: string, options: readonly ChoiceOption[], rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'choice', options }, rest)

interface Range {
  readonly minimum?: number
  readonly maximum?: number
}
/** An amount and its value in the base currency. */
export const money = (name: string, range: Range = {}): Column[] => [
  column(name, { kind: 'decimal', precision: 19, scale: 4, trimmed: false, ...range }),
  column(`${name}_base`, { kind: 'decimal', precision: 19, scale: 4, trimmed: false }, { readOnly: true }),
]
export const decimal = (name: string, scale: number, range: Range, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'decimal', precision: 13 + scale, scale, trimmed: false, ...range }, rest)
export const exchangeRate = (rest: Partial<Column>): Column =>
  column('exchangerate', { kind: 'decimal', precision: 23, scale: 10, trimmed: false }, rest)

/** A lookup whose navigation property has the attribute's name. */
export const lookup = (
  attribute: string,
  target: string,
  onDelete: Lookup['onDelete'] = 'clear',
  rest: Partial<Column> = {},
): Column =>
  column(
    `_${attribute}_value`,
    { kind: 'guid' },
    { lookup: { attribute, ways: [{ navigation: attribute, target }], onDelete }, indexed: true, ...rest },
  )

/** A lookup that leads to records of several entity types, with the hidden column that names the type. */
export const polymorphicLookup = (
  attribute: string,
  ways: readonly LookupWay[],
  onDelete: Lookup['onDelete'],
  initialKind?: string,
): Column[] => {
  const kindColumn = `_${attribute}_type`
  return [
    column(
      `_${attribute}_value`,
      { kind: 'guid' },
      { lookup: { attribute, ways, kindColumn, onDelete }, indexed: true },
    ),
    text(kindColumn, 32, {
      hidden: true,
      readOnly: true,
      ...(initialKind === undefined ? {} : { initial: initialKind }),
    }),
  ]
}
