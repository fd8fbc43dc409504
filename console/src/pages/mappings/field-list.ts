import { fieldName, type FieldDocument } from './document.js'

/**
 * The field mappings with one as it was edited; `name`: what it was called before, null: it is new. By its name, not its place: somebody
 * else may have saved others meanwhile.
 */
export function withField(
  fields: readonly FieldDocument[],
  name: string | null,
  field: FieldDocument,
): readonly FieldDocument[] {
  const place = fields.findIndex((one) => fieldName(one) === name)
  return place < 0 ? [...fields, field] : fields.with(place, field)
}

export function withoutField(fields: readonly FieldDocument[], name: string): readonly FieldDocument[] {
  return fields.filter((one) => fieldName(one) !== name)
}
