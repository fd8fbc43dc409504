import {
  getNamedType,
  isScalarType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from './graphql.js'

/** Fields and fragments of an operation with every spread written out. Front ends ask for some hundred; compiled code grows with them. */
const MOST_SELECTIONS = 1_000

/** What graphql-jit's own marks in its code begin with, such as `__MAGIC_DATE__`: what follows them is run. */
const MARK = '__'

/** What the variables of an operation have to be for its compiled code to answer as the reference implementation does. */
export interface CompilableWith {
  /** They stand inside of lists and objects: of what was not given graphql-jit makes null. */
  readonly given: ReadonlySet<string>
  /** They decide whether something is asked for: graphql-jit takes null for no. */
  readonly decided: ReadonlySet<string>
}

/**
 * Whether graphql-jit 0.8 may compile an operation, and then answers it as the reference implementation does; null: it may not. It writes literals
 * into its code, so no text of anybody is among them: front ends send theirs as variables. It follows every spread of a fragment, so that a short document may keep it busy without end;
 * keeps a condition on a fragment for all its spreads, and only the first of several within one selection; tells resolvers where they are by the names
 * of an answer with `_` between, which an alias can be too; and forgets variables within JSON.
 */
export function compilableWith(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompilableWith | null {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  if (sizeOf(operation, fragments) > MOST_SELECTIONS) return null
  const found = { given: new Set<string>(), decided: new Set<string>(), isOdd: false }
  for (const definition of [operation, ...fragments]) look(schema, definition, found)
  return found.isOdd ? null : found
}

interface Found {
  readonly given: Set<string>
  readonly decided: Set<string>
  isOdd: boolean
}

/** Looks at everything that is written in a definition, once. */
function look(
  schema: GraphQLSchema,
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  found: Found,
): void {
  const types = new TypeInfo(schema)
  const isFragment = definition.kind === Kind.FRAGMENT_DEFINITION
  const condition = (selection: SelectionNode): void => {
    const conditions = (selection.directives ?? []).filter(isCondition)
    if (conditions.length > 0 && (isFragment || selection.kind !== Kind.FIELD)) found.isOdd = true
    for (const { arguments: given = [] } of conditions)
      for (const { value } of given) for (const each of variablesOf(value)) found.decided.add(each)
  }
  const value = (written: ValueNode): void => {
    if (written.kind !== Kind.LIST && written.kind !== Kind.OBJECT) return
    const names = variablesOf(written)
    for (const each of names) found.given.add(each)
    if (names.length > 0 && isScalarType(getNamedType(types.getInputType()))) found.isOdd = true
  }
  const name = (written: string): void => {
    if (written.includes(MARK)) found.isOdd = true
  }
  visit(
    definition,
    visitWithTypeInfo(types, {
      Field(node) {
        condition(node)
        if (node.alias?.value.includes('_') === true) found.isOdd = true
      },
      InlineFragment: condition,
      FragmentSpread: condition,
      Argument: ({ value: written }) => value(written),
      ObjectField(node) {
        name(node.name.value)
        value(node.value)
      },
      EnumValue: (node) => name(node.value),
      StringValue() {
        found.isOdd = true
      },
    }),
  )
}

/** Those that stand in a value, however deep. */
function variablesOf(value: ValueNode): readonly string[] {
  switch (value.kind) {
    case Kind.VARIABLE:
      return [value.name.value]
    case Kind.LIST:
      return value.values.flatMap(variablesOf)
    case Kind.OBJECT:
      return value.fields.flatMap((field) => variablesOf(field.value))
    default:
      return []
  }
}

/** How many fields and fragments there are; each fragment is counted once, however often it is spread, and validation has refused those that contain themselves. */
function sizeOf(
  { selectionSet }: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): number {
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  const known = new Map<string, number>()
  const ofFragment = (name: string): number => {
    const size = known.get(name) ?? ofSelections(byName.get(name)?.selectionSet)
    known.set(name, size)
    return size
  }
  const ofSelections = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce(
      (sum, selection) =>
        sum +
        1 +
        (selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : ofSelections(selection.selectionSet)),
      0,
    )
  return ofSelections(selectionSet)
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include'
}
