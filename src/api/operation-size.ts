import { assertNever } from '../domain/value.js'
import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from './graphql.js'

type FieldsOwner = GraphQLObjectType | GraphQLInterfaceType

/**
 * An upper bound of the values that an operation's answer holds, by its text alone; lists without paging are counted once, what is
 * asked of another is multiplied by its `first`. Each fragment is measured
 * once, however often it is spread; validation has refused fragments that contain themselves. Introspection counts nothing.
 */
export function measure(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )
  const measured = new Map<string, number>()

  function ofFragment(name: string): number {
    const known = measured.get(name)
    if (known !== undefined) return known
    const fragment = fragments.get(name)
    const size =
      fragment === undefined
        ? 0
        : ofSelections(fragment.selectionSet, fieldsOwner(fragment.typeCondition.name.value))
    measured.set(name, size)
    return size
  }

  function ofField(node: FieldNode, parent: FieldsOwner | null): number {
    if (node.name.value.startsWith('__')) return 0
    const field = parent?.getFields()[node.name.value]
    const inner = ofSelections(
      node.selectionSet,
      field === undefined ? null : fieldsOwner(getNamedType(field.type).name),
    )
    const byDefault = field?.args.find((argument) => argument.name === 'first')?.defaultValue
    return 1 + rowsOf(node, byDefault) * inner
  }

  function rowsOf(node: FieldNode, byDefault: unknown): number {
    const value = node.arguments?.find((argument) => argument.name.value === 'first')?.value
    const rows: unknown =
      value?.kind === Kind.INT
        ? Number(value.value)
        : value?.kind === Kind.VARIABLE
          ? (variables[value.name.value] ?? byDefault)
          : byDefault
    return typeof rows === 'number' ? Math.max(1, rows) : 1
  }

  function ofSelection(selection: SelectionNode, parent: FieldsOwner | null): number {
    switch (selection.kind) {
      case Kind.FIELD:
        return ofField(selection, parent)
      case Kind.INLINE_FRAGMENT: {
        const condition = selection.typeCondition
        return ofSelections(
          selection.selectionSet,
          condition === undefined ? parent : fieldsOwner(condition.name.value),
        )
      }
      case Kind.FRAGMENT_SPREAD:
        return ofFragment(selection.name.value)
      default:
        return assertNever(selection)
    }
  }

  function ofSelections(selectionSet: SelectionSetNode | undefined, parent: FieldsOwner | null): number {
    return (selectionSet?.selections ?? []).reduce(
      (sum, selection) => sum + ofSelection(selection, parent),
      0,
    )
  }

  /** Null for a union: its members are named by the conditions of fragments. */
  function fieldsOwner(name: string): FieldsOwner | null {
    const type = schema.getType(name)
    return isObjectType(type) || isInterfaceType(type) ? type : null
  }

  const root = schema.getRootType(operation.operation)
  return ofSelections(operation.selectionSet, root ?? null)
}
