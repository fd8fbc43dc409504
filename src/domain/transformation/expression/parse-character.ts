import {
  CATEGORIES,
  SHORTHANDS,
  anyOf,
  category,
  literal,
  not,
  range,
  type CharacterTest,
} from './character.js'
import { ExpressionProblem, type Reader } from './reader.js'

const ESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  e: '\u001b',
  a: '\u0007',
}

/** What stands behind a backslash, in a class as outside of one. Throws `ExpressionProblem`. */
export function readEscape(reader: Reader): CharacterTest {
  const escaped = readEscaped(reader)
  return typeof escaped === 'string' ? literal(escaped) : escaped
}

/** A class, from behind its `[` to its `]`. Throws `ExpressionProblem`. */
export function readClass(reader: Reader): CharacterTest {
  const negated = reader.take('^')
  const tests: CharacterTest[] = []
  do {
    if (reader.peek() === undefined) throw new ExpressionProblem('has a [ without its ]')
    if (reader.rest(2) === '-[')
      throw new ExpressionProblem('subtracts one class from another, which is not read; write the class out')
    tests.push(readMember(reader))
  } while (!reader.take(']'))
  return negated ? not(anyOf(tests)) : anyOf(tests)
}

function readMember(reader: Reader): CharacterTest {
  const first = readMemberCharacter(reader)
  if (typeof first !== 'string') return first
  if (reader.peek() !== '-' || ['-]', '-['].includes(reader.rest(2))) return literal(first)
  reader.skip(1)
  const last = reader.peek() === undefined ? undefined : readMemberCharacter(reader)
  if (typeof last !== 'string')
    throw new ExpressionProblem(`has a range in [ ] from ${first} that does not end with a character`)
  const [from = 0, to = 0] = [first.codePointAt(0), last.codePointAt(0)]
  if (to < from) throw new ExpressionProblem(`has the range ${first}-${last}, which ends before it begins`)
  return range(from, to)
}

function readMemberCharacter(reader: Reader): string | CharacterTest {
  const character = reader.next()
  if (character !== '\\') return character
  return reader.take('b') ? '\b' : readEscaped(reader)
}

function readEscaped(reader: Reader): string | CharacterTest {
  const character = reader.next()
  if (character === '')
    throw new ExpressionProblem('ends with a backslash; write \\\\ for the backslash itself')
  if (!/[\p{L}\p{N}]/u.test(character)) return character
  if (character === 'p' || character === 'P') return readCategory(reader, character === 'P')
  if (character === 'x' || character === 'u') return readCodePoint(reader, character)
  if (/[1-9k]/.test(character))
    throw new ExpressionProblem('refers back to a group, which is not read; write out what is meant')
  const meant = SHORTHANDS[character] ?? ESCAPES[character]
  if (meant === undefined)
    throw new ExpressionProblem(`has \\${character}, which is not read; leave out the backslash`)
  return meant
}

function readCategory(reader: Reader, negated: boolean): CharacterTest {
  const [all = '', name = ''] = /^\{(\w+)\}/.exec(reader.rest(40)) ?? []
  if (!CATEGORIES.includes(name))
    throw new ExpressionProblem(`names a category that is not read; these are: ${CATEGORIES.join(' ')}`)
  reader.skip(all.length)
  return negated ? not(category(name)) : category(name)
}

function readCodePoint(reader: Reader, letter: 'x' | 'u'): string {
  const [digits] = (letter === 'x' ? /^[\da-f]{2}/i : /^[\da-f]{4}/i).exec(reader.rest(4)) ?? []
  if (digits === undefined)
    throw new ExpressionProblem(`has \\${letter} without its ${letter === 'x' ? 2 : 4} hexadecimal digits`)
  reader.skip(digits.length)
  const character = String.fromCharCode(Number.parseInt(digits, 16))
  if (!character.isWellFormed())
    throw new ExpressionProblem('names half of a character by \\u; write the character itself')
  return character
}
