import type { FieldDefinition } from '../schema.js'
import type { FieldType } from '../value.js'

export const text = (maxLength: number): FieldType => ({ kind: 'text', maxLength })
export const code = (maxLength: number): FieldType => ({ kind: 'code', maxLength })
export const option = (...members: string[]): FieldType => ({ kind: 'option', members })
export const lookup = (table: string): FieldType => ({ kind: 'lookup', table })

/** A column by its name on the wire and the caption that people know. */
export const field = (
  name: string,
  caption: string,
  type: FieldType,
  rest: Partial<FieldDefinition> = {},
): FieldDefinition => ({ name, caption, type, ...rest })
