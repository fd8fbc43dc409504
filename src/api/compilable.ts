import {
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from './graphql.js'

/** Fields and fragments of an operation with every spread written out. Front ends ask for some hundred; compiled code grows with them. */
const MOST_SELECTIONS = 1_000

/** What the variables of an operation have to be for its compiled code to answer as the reference implementation does. */
export interface CompilableWith {
  /** They stand inside of lists and objects: of what was not given graphql-jit makes null. */
  readonly given: ReadonlySet<string>
  /** They decide whether something is asked for: graphql-jit takes null for no. */
  readonly decided: ReadonlySet<string>
}

/**
 * Whether graphql-jit 0.8 answers an operation as the reference implementation does; null: it may not. It follows every spread of a fragment,
 * so that a short document may keep it busy without end; keeps a condition on a fragment for all its spreads, and only the first of several within one
 * selection; and tells resolvers where they are by the names of an answer with `_` between, which an alias can be too.
 */
export function compilableWith(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompilableWith | null {
  const found = new Findings(document)
  const selections = found.ofSelections(operation.selectionSet, false)
  return found.isOdd || selections > MOST_SELECTIONS ? null : { given: found.given, decided: found.decided }
}

class Findings {
  readonly given = new Set<string>()
  readonly decided = new Set<string>()
  isOdd = false
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Each is looked at once, however often it is spread. */
  private readonly measured = new Map<string, number>()

  constructor({ definitions }: DocumentNode) {
    this.fragments = new Map(
      definitions
        .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    )
  }

  /** How many there are; validation has refused fragments that contain themselves. */
  ofSelections(set: SelectionSetNode | undefined, isFragment: boolean): number {
    return (set?.selections ?? []).reduce(
      (sum, selection) => sum + this.ofSelection(selection, isFragment),
      0,
    )
  }

  private ofSelection(selection: SelectionNode, isFragment: boolean): number {
    const conditions = (selection.directives ?? []).filter(isCondition)
    if (conditions.length > 0 && (isFragment || selection.kind !== Kind.FIELD)) this.isOdd = true
    for (const { arguments: given } of conditions)
      for (const { value } of given ?? [])
        if (value.kind === Kind.VARIABLE) this.decided.add(value.name.value)
    switch (selection.kind) {
      case Kind.FRAGMENT_SPREAD:
        return this.ofFragment(selection.name.value)
      case Kind.INLINE_FRAGMENT:
        return 1 + this.ofSelections(selection.selectionSet, isFragment)
      case Kind.FIELD:
        if (selection.alias?.value.includes('_') === true) this.isOdd = true
        for (const { value } of selection.arguments ?? []) this.ofValue(value, false)
        return 1 + this.ofSelections(selection.selectionSet, isFragment)
    }
  }

  private ofFragment(name: string): number {
    const known = this.measured.get(name)
    if (known !== undefined) return known
    const size = 1 + this.ofSelections(this.fragments.get(name)?.selectionSet, true)
    this.measured.set(name, size)
    return size
  }

  private ofValue(value: ValueNode, isInside: boolean): void {
    if (value.kind === Kind.VARIABLE && isInside) this.given.add(value.name.value)
    else if (value.kind === Kind.LIST) for (const item of value.values) this.ofValue(item, true)
    else if (value.kind === Kind.OBJECT) for (const field of value.fields) this.ofValue(field.value, true)
  }
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include'
}
