import { literal, type CharacterTest } from './character.js'
import { readClass, readEscape } from './parse-character.js'
import { ExpressionProblem, Reader } from './reader.js'

/** A place between characters. `end` is the end of the text, `lastLine` also before a line feed that ends it, as in .NET. */
export type Edge = 'start' | 'end' | 'lastLine' | 'boundary' | 'noBoundary'

export type ExpressionNode =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'sequence'; readonly items: readonly ExpressionNode[] }
  | { readonly kind: 'alternatives'; readonly options: readonly ExpressionNode[] }
  | { readonly kind: 'group'; readonly key: string; readonly item: ExpressionNode }
  | {
      readonly kind: 'repeat'
      readonly item: ExpressionNode
      readonly least: number
      readonly most: number | null
      readonly lazy: boolean
    }
  | {
      readonly kind: 'look'
      readonly behind: boolean
      readonly negated: boolean
      readonly item: ExpressionNode
    }

export interface ParsedExpression {
  readonly root: ExpressionNode
  /** Group keys in .NET's order: the unnamed ones by number, then the named ones. Equal names are one group. */
  readonly groups: readonly string[]
}

const MOST_REPETITIONS = 1_000
const EDGES: Readonly<Record<string, Edge>> = {
  b: 'boundary',
  B: 'noBoundary',
  A: 'start',
  z: 'end',
  Z: 'lastLine',
}
const ANYTHING_BUT_LINE_FEED: CharacterTest = (character) => character !== '\n'

/**
 * Reads a regular expression of .NET's language. Not read, because they would let the cost of a match grow without bound or
 * mean something else than in .NET: references back, atomic and conditional groups, options, subtraction of classes.
 * Throws `ExpressionProblem`.
 */
export function parseExpression(pattern: string): ParsedExpression {
  const parser = new Parser(new Reader(pattern))
  const root = parser.alternatives()
  parser.expectEnd()
  return { root, groups: [...parser.unnamed, ...parser.named] }
}

class Parser {
  readonly unnamed: string[] = []
  readonly named = new Set<string>()
  /** Groups inside of a look-around would have to be forgotten or kept by turns; they are refused. */
  private lookDepth = 0

  constructor(private readonly reader: Reader) {}

  alternatives(): ExpressionNode {
    const options = [this.sequence()]
    while (this.reader.take('|')) options.push(this.sequence())
    const [only] = options
    return options.length === 1 && only !== undefined ? only : { kind: 'alternatives', options }
  }

  expectEnd(): void {
    if (this.reader.peek() !== undefined) throw new ExpressionProblem('has a ) without its (')
  }

  private sequence(): ExpressionNode {
    const items: ExpressionNode[] = []
    for (
      let next = this.reader.peek();
      next !== undefined && next !== '|' && next !== ')';
      next = this.reader.peek()
    ) {
      const item = this.atom()
      if (item !== null) items.push(this.repeated(item))
    }
    return { kind: 'sequence', items }
  }

  /** Null for a comment. */
  private atom(): ExpressionNode | null {
    const character = this.reader.next()
    switch (character) {
      case '(':
        return this.group()
      case '[':
        return { kind: 'character', test: readClass(this.reader) }
      case '.':
        return { kind: 'character', test: ANYTHING_BUT_LINE_FEED }
      case '^':
        return { kind: 'edge', edge: 'start' }
      case '$':
        return { kind: 'edge', edge: 'lastLine' }
      case '\\':
        return this.escape()
      case '*':
      case '+':
      case '?':
        throw new ExpressionProblem(`has a ${character} with nothing before it to repeat`)
      default:
        return { kind: 'character', test: literal(character) }
    }
  }

  private repeated(item: ExpressionNode): ExpressionNode {
    const bounds = this.bounds()
    if (bounds === null) return item
    if (item.kind === 'edge' || item.kind === 'look')
      throw new ExpressionProblem('repeats a place between characters; repeat what stands at it')
    const repeat: ExpressionNode = { kind: 'repeat', item, ...bounds, lazy: this.reader.take('?') }
    if (this.bounds() !== null)
      throw new ExpressionProblem('has two repetitions in a row; put the first in (?:…)')
    return repeat
  }

  private bounds(): { readonly least: number; readonly most: number | null } | null {
    if (this.reader.take('*')) return { least: 0, most: null }
    if (this.reader.take('+')) return { least: 1, most: null }
    if (this.reader.take('?')) return { least: 0, most: 1 }
    const [all, first, comma, second] = /^\{(\d{1,9})(,?)(\d{0,9})\}/.exec(this.reader.rest(22)) ?? []
    if (all === undefined || (comma === '' && second !== '')) return null
    this.reader.skip(all.length)
    const least = Number(first)
    const most = comma === '' ? least : second === '' ? null : Number(second)
    if (most !== null && most < least)
      throw new ExpressionProblem(`has ${all}, whose second number is the smaller`)
    if (Math.max(least, most ?? 0) > MOST_REPETITIONS)
      throw new ExpressionProblem(`repeats more than ${MOST_REPETITIONS} times by ${all}`)
    return { least, most }
  }

  private group(): ExpressionNode | null {
    if (!this.reader.take('?')) return this.capture(this.newNumber())
    const [start] =
      /^(?:#[^)]*\)|<?[=!]|:|<[\p{L}_][\p{L}\p{N}_]*>|'[\p{L}_][\p{L}\p{N}_]*')/u.exec(
        this.reader.rest(250),
      ) ?? []
    if (start === undefined) throw new ExpressionProblem(REFUSED_GROUP)
    this.reader.skip(Array.from(start).length)
    if (start.startsWith('#')) return null
    if (start === ':') return this.closed()
    if (/^<?[=!]$/.test(start)) {
      this.lookDepth += 1
      const item = this.closed()
      this.lookDepth -= 1
      return { kind: 'look', behind: start.startsWith('<'), negated: start.endsWith('!'), item }
    }
    const name = start.slice(1, -1)
    this.named.add(name)
    return this.capture(name)
  }

  private newNumber(): string {
    const number = String(this.unnamed.length + 1)
    this.unnamed.push(number)
    return number
  }

  private capture(key: string): ExpressionNode {
    if (this.lookDepth > 0)
      throw new ExpressionProblem(
        'has a group inside of a look-around; write (?:…) there, which keeps nothing',
      )
    return { kind: 'group', key, item: this.closed() }
  }

  private closed(): ExpressionNode {
    const item = this.alternatives()
    if (!this.reader.take(')')) throw new ExpressionProblem('has a ( without its )')
    return item
  }

  private escape(): ExpressionNode {
    const edge = EDGES[this.reader.peek() ?? '']
    if (edge === undefined) return { kind: 'character', test: readEscape(this.reader) }
    this.reader.skip(1)
    return { kind: 'edge', edge }
  }
}

const REFUSED_GROUP =
  'has a group that is not read: (?> atomic, (?( conditional, and options like (?i) are refused (case never matters); write (…), (?:…), (?<name>…), (?=…), (?!…), (?<=…) or (?<!…)'
