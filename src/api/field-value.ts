import { GraphQLError, GraphQLScalarType, Kind } from './graphql.js'

function parse(value: unknown): string | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  throw new GraphQLError(
    typeof value === 'number' || typeof value === 'bigint'
      ? `Expected text, true, false or null; write the number in quotes: "${String(value)}".`
      : 'Expected text, true, false or null.',
  )
}

/** A field's value in its one form (src/domain/value.ts). Numbers are text: as JSON numbers they could lose digits. */
export const GraphQLFieldValue = new GraphQLScalarType({
  name: 'FieldValue',
  description:
    'The value of a field: text, true or false; null is blank. Numbers are plain decimal text, dates YYYY-MM-DD, times ISO 8601 in UTC.',
  serialize: parse,
  parseValue: parse,
  parseLiteral(node) {
    switch (node.kind) {
      case Kind.STRING:
      case Kind.BOOLEAN:
        return node.value
      case Kind.NULL:
        return null
      case Kind.INT:
      case Kind.FLOAT:
        return parse(Number(node.value))
      default:
        return parse(undefined)
    }
  },
})
