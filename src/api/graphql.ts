/**
 * The one door to GraphQL's reference implementation. The package holds the same code twice, as CommonJS and as ECMAScript
 * modules, without an exports map: Node takes the first, tools that look for `module` take the second, and each refuses the
 * other's objects. Naming the file leaves no choice.
 */
export {
  coerceInputValue,
  createSourceEventStream,
  execute,
  getNamedType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  GraphQLScalarType,
  GraphQLString,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
  specifiedRules,
  validate,
} from 'graphql/index.js'
export type {
  DocumentNode,
  ExecutionArgs,
  ExecutionResult,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLFormattedError,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValidationContext,
  ValidationRule,
} from 'graphql/index.js'
