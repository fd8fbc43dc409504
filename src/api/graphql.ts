/**
 * The one door to GraphQL's reference implementation. The package holds the same code twice, as CommonJS and as ECMAScript
 * modules, without an exports map: Node takes the first, tools that look for `module` take the second, and each refuses the
 * other's objects. Naming the file leaves no choice.
 */
export {
  getNamedType,
  getVariableValues,
  GraphQLError,
  GraphQLScalarType,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  printSchema,
} from 'graphql/index.js'
export type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLFormattedError,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql/index.js'
