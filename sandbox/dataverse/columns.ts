import type { Column, ColumnType } from '../common/table.js'

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
export const choice = (name: string, highest: number, rest: Partial<Column> = {}): Column =>
  column(
    name,
    { kind: 'choice', values: Array.from({ length: highest }, (_unused, index) => index + 1) },
    rest,
  )
export const moment = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'dateTime', digits: 0 }, rest)
export const money = (name: string): Column[] => [
  column(name, { kind: 'decimal', precision: 19, scale: 4, trimmed: false }),
  column(`${name}_base`, { kind: 'decimal', precision: 19, scale: 4, trimmed: false }, { readOnly: true }),
]
export const lookup = (
  attribute: string,
  target: string,
  onDelete: 'clear' | 'restrict' = 'clear',
  rest: Partial<Column> = {},
): Column =>
  column(
    `_${attribute}_value`,
    { kind: 'guid' },
    { lookup: { navigation: attribute, attribute, target, onDelete }, indexed: true, ...rest },
  )
export const exchangeRate = (rest: Partial<Column>): Column =>
  column('exchangerate', { kind: 'decimal', precision: 23, scale: 10, trimmed: false }, rest)
