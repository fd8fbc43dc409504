import { assertNever } from '../table.js'
import { QueryError } from './errors.js'
import type { Filter, Literal, Operand } from './filter.js'

/** `a eq 1 or a eq 2 or ...` as a list; null when the parts are anything else. */
export function equalityList(parts: readonly Filter[]): { operand: Operand; values: Literal[] } | null {
  const values: Literal[] = []
  let operand: Operand | null = null
  for (const part of parts) {
    if (part.kind !== 'compare' || part.comparison !== 'eq' || part.left.kind !== 'field') return null
    if (part.right.kind !== 'literal' || part.right.literal.type === 'null') return null
    if (operand !== null && (operand.kind !== 'field' || operand.name !== part.left.name)) return null
    operand = part.left
    values.push(part.right.literal)
  }
  return operand === null ? null : { operand, values }
}

/** A literal, or tolower/toupper of one. */
export function loweredLiteral(operand: Operand): { literal: Literal; lowered: boolean } | null {
  if (operand.kind === 'literal') return { literal: operand.literal, lowered: false }
  if (operand.kind !== 'call' || operand.name !== 'tolower') return null
  const [inner] = operand.operands
  return inner?.kind === 'literal' ? { literal: inner.literal, lowered: true } : null
}

/** A literal that must be a whole number. Throws QueryError. */
export function integerOf(operand: Operand): number {
  if (
    operand.kind === 'literal' &&
    operand.literal.type === 'number' &&
    /^\d{1,9}$/.test(operand.literal.text)
  ) {
    return Number(operand.literal.text)
  }
  throw new QueryError('badLiteral', 'A whole number was expected.')
}

/** Every field named in a filter. */
export function fieldsOf(filter: Filter): Set<string> {
  const fields = new Set<string>()
  const visitOperand = (operand: Operand): void => {
    if (operand.kind === 'field') fields.add(operand.name)
    else if (operand.kind === 'call') operand.operands.forEach(visitOperand)
  }
  const visit = (node: Filter): void => {
    switch (node.kind) {
      case 'and':
      case 'or':
        node.parts.forEach(visit)
        return
      case 'not':
        visit(node.part)
        return
      case 'compare':
        visitOperand(node.left)
        visitOperand(node.right)
        return
      case 'in':
        visitOperand(node.operand)
        return
      case 'test':
        node.operands.forEach(visitOperand)
        return
      case 'dynamicsIn':
        fields.add(node.field)
        return
      default:
        assertNever(node)
    }
  }
  visit(filter)
  return fields
}
