import type { Token } from './lexer.js'
import { syntaxError, tokenize } from './lexer.js'

export type Literal =
  | { readonly type: 'string' | 'guid' | 'dateTime' | 'date' | 'number'; readonly text: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }

export type Operand =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Operand[] }

export const Comparison = { eq: 'eq', ne: 'ne', gt: 'gt', ge: 'ge', lt: 'lt', le: 'le' } as const
export type Comparison = (typeof Comparison)[keyof typeof Comparison]

/** A parsed $filter. `and` and `or` hold any number of parts, so that a thousand ids are no thousand levels deep. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | {
      readonly kind: 'compare'
      readonly comparison: Comparison
      readonly left: Operand
      readonly right: Operand
    }
  | { readonly kind: 'in'; readonly operand: Operand; readonly values: readonly Literal[] }
  | { readonly kind: 'test'; readonly name: string; readonly operands: readonly Operand[] }
  | { readonly kind: 'dynamicsIn'; readonly field: string; readonly values: readonly string[] }

const MAXIMUM_DEPTH = 100

/** Parses the text of a $filter. Throws QueryError. */
export function parseFilter(text: string): Filter {
  return new Parser(text).parse()
}

class Parser {
  private readonly tokens: readonly Token[]
  private position = 0
  private depth = 0

  constructor(private readonly text: string) {
    this.tokens = tokenize(text)
  }

  parse(): Filter {
    const filter = this.parseOr()
    const rest = this.peek()
    if (rest !== undefined) throw this.error(rest)
    return filter
  }

  private parseOr(): Filter {
    const parts = [this.parseAnd()]
    while (this.takeName('or')) parts.push(this.parseAnd())
    return joined('or', parts)
  }

  private parseAnd(): Filter {
    const parts = [this.parseUnary()]
    while (this.takeName('and')) parts.push(this.parseUnary())
    return joined('and', parts)
  }

  private parseUnary(): Filter {
    this.depth += 1
    if (this.depth > MAXIMUM_DEPTH)
      throw syntaxError('The filter is nested too deeply', this.text.slice(0, 100))
    try {
      if (this.takeName('not')) return { kind: 'not', part: this.parseUnary() }
      if (this.peek()?.kind === 'open') {
        this.position += 1
        const inner = this.parseOr()
        this.expect('close')
        return inner
      }
      return this.parseComparison()
    } finally {
      this.depth -= 1
    }
  }

  private parseComparison(): Filter {
    if (this.peek()?.text === 'Microsoft.Dynamics.CRM.In') return this.parseDynamicsIn()
    const left = this.parseOperand()
    const token = this.peek()
    if (token?.kind === 'name' && token.text in Comparison) {
      this.position += 1
      return { kind: 'compare', comparison: token.text as Comparison, left, right: this.parseOperand() }
    }
    if (this.takeName('in')) return { kind: 'in', operand: left, values: this.parseList() }
    if (left.kind === 'call') return { kind: 'test', name: left.name, operands: left.operands }
    if (left.kind === 'field') {
      return {
        kind: 'compare',
        comparison: 'eq',
        left,
        right: { kind: 'literal', literal: { type: 'boolean', value: true } },
      }
    }
    throw this.error(token)
  }

  private parseList(): Literal[] {
    this.expect('open')
    const values: Literal[] = []
    do {
      const operand = this.parseOperand()
      if (operand.kind !== 'literal') throw syntaxError('A list may only hold literals', this.text)
      values.push(operand.literal)
    } while (this.take('comma'))
    this.expect('close')
    return values
  }

  private parseOperand(): Operand {
    const token = this.peek()
    if (token === undefined) throw this.error(undefined)
    this.position += 1
    switch (token.kind) {
      case 'string':
      case 'guid':
      case 'dateTime':
      case 'date':
      case 'number':
        return { kind: 'literal', literal: { type: token.kind, text: token.text } }
      case 'name':
        return this.parseNamed(token)
      default:
        throw this.error(token)
    }
  }

  private parseNamed(token: Token): Operand {
    if (token.text === 'true' || token.text === 'false') {
      return { kind: 'literal', literal: { type: 'boolean', value: token.text === 'true' } }
    }
    if (token.text === 'null') return { kind: 'literal', literal: { type: 'null' } }
    if (!this.take('open')) return { kind: 'field', name: token.text }
    const operands: Operand[] = []
    if (!this.take('close')) {
      do operands.push(this.parseOperand())
      while (this.take('comma'))
      this.expect('close')
    }
    return { kind: 'call', name: token.text, operands }
  }

  /** `Microsoft.Dynamics.CRM.In(PropertyName='x',PropertyValues=["a","b"])` */
  private parseDynamicsIn(): Filter {
    this.position += 1
    this.expect('open')
    let field: string | undefined
    let values: string[] | undefined
    do {
      const name = this.expect('name').text
      this.expect('assign')
      if (name === 'PropertyName') field = this.expect('string').text
      else if (name === 'PropertyValues') values = this.parseArray(this.expect('array').text)
      else throw syntaxError(`Unknown parameter '${name}' of Microsoft.Dynamics.CRM.In`, this.text)
    } while (this.take('comma'))
    this.expect('close')
    if (field === undefined || values === undefined) {
      throw syntaxError('Microsoft.Dynamics.CRM.In needs PropertyName and PropertyValues', this.text)
    }
    return { kind: 'dynamicsIn', field, values }
  }

  private parseArray(text: string): string[] {
    let parsed: unknown
    try {
      parsed = JSON.parse(text.includes('"') ? text : text.replaceAll("'", '"'))
    } catch (error) {
      if (error instanceof SyntaxError) throw syntaxError('PropertyValues is not a list', text)
      throw error
    }
    if (!Array.isArray(parsed)) throw syntaxError('PropertyValues is not a list', text)
    return parsed.map(String)
  }

  private peek(): Token | undefined {
    return this.tokens[this.position]
  }

  private take(kind: Token['kind']): boolean {
    if (this.peek()?.kind !== kind) return false
    this.position += 1
    return true
  }

  private takeName(name: string): boolean {
    const token = this.peek()
    if (token?.kind !== 'name' || token.text !== name) return false
    this.position += 1
    return true
  }

  private expect(kind: Token['kind']): Token {
    const token = this.peek()
    if (token?.kind !== kind) throw this.error(token)
    this.position += 1
    return token
  }

  private error(token: Token | undefined): Error {
    return syntaxError(`Syntax error at position ${token?.at ?? this.text.length}`, this.text)
  }
}

function joined(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  const [first, ...rest] = parts
  return first !== undefined && rest.length === 0 ? first : { kind, parts }
}
