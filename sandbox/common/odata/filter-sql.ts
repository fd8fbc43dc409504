import type { Comparison, Filter, Literal, Operand } from './filter.js'
import { QueryError } from './errors.js'
import { equalityList, fieldsOf, integerOf, loweredLiteral } from './operands.js'
import { isValidLiteral, literalTypes, parameterType } from './literals.js'
import type { Column, Table } from '../table.js'
import { isText, quoted } from '../table.js'

/** Where the two systems read a $filter differently. */
export interface FilterDialect {
  /** Text comparison ignores case (Dataverse). */
  readonly ignoresCase: boolean
  /** `%` and `_` in startswith, endswith and contains are wildcards (Dataverse). */
  readonly wildcards: boolean
  /** `or` may join different fields. */
  readonly orAcrossFields: boolean
  /** `in (...)`, `not`, functions of functions, comparison with null, `Microsoft.Dynamics.CRM.In`. */
  readonly wide: boolean
  /** The column of a field name. Throws QueryError `unknownField`. */
  column(table: Table, name: string): Column
  /** The column of a logical name in `Microsoft.Dynamics.CRM.In`; like `column` where absent. */
  logicalColumn?(table: Table, name: string): Column
  /** The stored form of a literal compared with that column, e.g. upper case for a Code. */
  normalize(column: Column, text: string): string
}

/** Collects the parameters of one SQL statement. */
export class Parameters {
  readonly values: unknown[] = []

  add(value: unknown, type: string): string {
    this.values.push(value)
    return `$${this.values.length}::${type}`
  }
}

/** A $filter as an SQL condition with all values as parameters. Throws QueryError. */
export function filterToSql(
  filter: Filter,
  table: Table,
  dialect: FilterDialect,
  parameters: Parameters,
): string {
  return new Compiler(table, dialect, parameters).compile(filter)
}

const OPERATORS: Record<Comparison, string> = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' }

/** An operand with the column whose type decides how the other side is read. */
interface Expression {
  readonly sql: string
  readonly column: Column
  readonly lowered: boolean
}

class Compiler {
  constructor(
    private readonly table: Table,
    private readonly dialect: FilterDialect,
    private readonly parameters: Parameters,
  ) {}

  compile(filter: Filter): string {
    switch (filter.kind) {
      case 'and':
        return `(${filter.parts.map((part) => this.compile(part)).join(' and ')})`
      case 'or':
        return this.compileOr(filter)
      case 'not':
        if (!this.dialect.wide) throw unsupported(`The operator 'not'`)
        return `not coalesce(${this.compile(filter.part)}, false)`
      case 'compare':
        return this.compileComparison(filter.comparison, filter.left, filter.right)
      case 'in':
        if (!this.dialect.wide) {
          throw new QueryError(
            'syntax',
            `The operator 'in' needs $schemaversion=2.1, which API v2.0 does not have.`,
          )
        }
        return this.compileAny(filter.operand, filter.values)
      case 'test':
        return this.compileTest(filter.name, filter.operands)
      case 'dynamicsIn': {
        if (!this.dialect.wide) throw unsupported('Microsoft.Dynamics.CRM.In')
        const values = filter.values.map((text): Literal => ({ type: 'string', text }))
        const column = (this.dialect.logicalColumn ?? this.dialect.column)(this.table, filter.field)
        return this.compileAny({ kind: 'field', name: column.name }, values, true)
      }
    }
  }

  private compileOr(filter: Extract<Filter, { kind: 'and' | 'or' }>): string {
    if (!this.dialect.orAcrossFields && fieldsOf(filter).size > 1) {
      throw new QueryError(
        'orAcrossFields',
        `The 'OR' operator is not supported on distinct fields on an OData filter.`,
      )
    }
    const list = equalityList(filter.parts)
    if (list !== null) return this.compileAny(list.operand, list.values)
    return `(${filter.parts.map((part) => this.compile(part)).join(' or ')})`
  }

  private compileComparison(comparison: Comparison, left: Operand, right: Operand): string {
    if (left.kind === 'literal' && right.kind !== 'literal') {
      return this.compileComparison(MIRRORED[comparison], right, left)
    }
    const expression = this.expression(left, 0)
    const literal = loweredLiteral(right)
    if (literal === null) throw unsupported('Comparing one property with another')
    if (literal.literal.type === 'null') {
      if (!this.dialect.wide) throw unsupported('Comparison with null')
      if (comparison === 'eq') return `${expression.sql} is null`
      if (comparison === 'ne') return `${expression.sql} is not null`
      return 'false'
    }
    const text = isText(expression.column.type)
    const fold = text && (this.dialect.ignoresCase || literal.lowered)
    const value = this.literal(expression, literal.literal, false)
    const leftSql =
      text && this.dialect.ignoresCase && !expression.lowered ? `lower(${expression.sql})` : expression.sql
    const rightSql = fold ? `lower(${value})` : value
    if (comparison === 'ne') return `${leftSql} is distinct from ${rightSql}`
    return `${leftSql} ${OPERATORS[comparison]} ${rightSql}`
  }

  /** One list instead of many equalities, so that a thousand ids are one index scan. */
  private compileAny(operand: Operand, values: readonly Literal[], quotedValues = false): string {
    const expression = this.expression(operand, 0)
    const type = expression.column.type
    const texts = values.map((value) => this.literalText(expression, value, quotedValues))
    if (isText(type)) {
      const list = this.parameters.add(texts, 'text[]')
      if (!this.dialect.ignoresCase) return `${expression.sql} = any(${list})`
      const sql = expression.lowered ? expression.sql : `lower(${expression.sql})`
      return `${sql} = any(array(select lower(value) from unnest(${list}) value))`
    }
    return `${expression.sql} = any(${this.parameters.add(texts, `${parameterType(expression.column)}[]`)})`
  }

  private compileTest(name: string, operands: readonly Operand[]): string {
    const [subject, pattern, ...rest] = operands
    const known = name === 'startswith' || name === 'endswith' || name === 'contains'
    if (!known) throw unsupported(`The function '${name}'`)
    if (subject === undefined || pattern === undefined || rest.length > 0) {
      throw new QueryError('syntax', `The function '${name}' takes two parameters.`)
    }
    if (!this.dialect.wide && subject.kind === 'call') {
      throw new QueryError(
        'syntax',
        'Nested functions need $schemaversion=2.1, which API v2.0 does not have.',
      )
    }
    const expression = this.expression(subject, 0)
    const literal = loweredLiteral(pattern)
    if (literal === null || literal.literal.type !== 'string' || !isText(expression.column.type)) {
      throw new QueryError('badLiteral', `The function '${name}' takes a text property and a string.`)
    }
    const raw = this.dialect.normalize(expression.column, literal.literal.text)
    const escaped = this.dialect.wildcards ? raw.replace(/[\\]/g, '\\$&') : raw.replace(/[\\%_]/g, '\\$&')
    const like = `${name === 'startswith' ? '' : '%'}${escaped}${name === 'endswith' ? '' : '%'}`
    const parameter = this.parameters.add(refuseNul(like), 'text')
    const fold = this.dialect.ignoresCase
    const left = fold && !expression.lowered ? `lower(${expression.sql})` : expression.sql
    return `${left} like ${fold || literal.lowered ? `lower(${parameter})` : parameter}`
  }

  private expression(operand: Operand, depth: number): Expression {
    if (operand.kind === 'field') {
      const column = this.dialect.column(this.table, operand.name)
      return { sql: `t.${quoted(column.name)}`, column, lowered: false }
    }
    if (operand.kind === 'literal') throw unsupported('Comparing one literal with another')
    if (depth > 0 && !this.dialect.wide) {
      throw new QueryError(
        'syntax',
        'Nested functions need $schemaversion=2.1, which API v2.0 does not have.',
      )
    }
    const [subject, ...rest] = operand.operands
    if (subject === undefined)
      throw new QueryError('syntax', `The function '${operand.name}' needs parameters.`)
    const inner = this.expression(subject, depth + 1)
    if (!isText(inner.column.type))
      throw new QueryError('badLiteral', `The function '${operand.name}' takes a text property.`)
    switch (operand.name) {
      case 'tolower':
        return { ...inner, sql: `lower(${inner.sql})`, lowered: true }
      case 'toupper':
        return { ...inner, sql: `upper(${inner.sql})` }
      case 'substring': {
        const numbers = rest.map((part) => this.parameters.add(integerOf(part), 'integer'))
        const [start, length] = numbers
        if (start === undefined)
          throw new QueryError('syntax', `The function 'substring' needs a start position.`)
        return {
          ...inner,
          sql: `substr(${inner.sql}, ${start} + 1${length === undefined ? '' : `, ${length}`})`,
        }
      }
      default:
        throw unsupported(`The function '${operand.name}'`)
    }
  }

  private literal(expression: Expression, literal: Literal, quotedValues: boolean): string {
    return this.parameters.add(
      this.literalText(expression, literal, quotedValues),
      parameterType(expression.column),
    )
  }

  /** Checks that a literal fits the column and gives its text. `quotedValues`: every value came as a string. */
  private literalText(expression: Expression, literal: Literal, quotedValues: boolean): string {
    const { column } = expression
    const text =
      literal.type === 'boolean' ? String(literal.value) : literal.type === 'null' ? null : literal.text
    const allowed = quotedValues || literalTypes(column).includes(literal.type)
    if (text === null || !allowed || !isValidLiteral(column, text)) {
      throw new QueryError(
        'badLiteral',
        `A binary operator with incompatible types was detected. The property '${column.name}' cannot be compared with '${text ?? 'null'}'.`,
      )
    }
    // A folded column holds no upper case: the literal of tolower(x) stays as it was sent.
    return refuseNul(expression.lowered ? text : this.dialect.normalize(column, text))
  }
}

const MIRRORED: Record<Comparison, Comparison> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
}

function refuseNul(text: string): string {
  if (text.includes('\0')) throw new QueryError('syntax', 'The filter holds a NUL character.')
  return text
}

function unsupported(what: string): QueryError {
  return new QueryError('unsupported', `${what} is not supported in a $filter.`)
}
