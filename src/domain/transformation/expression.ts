import { findMatches, type Span } from './expression/match.js'
import { compileExpression, type Expression } from './expression/program.js'
import { ExpressionProblem } from './expression/reader.js'
import { readReplacement } from './expression/replacement.js'
import { valueOutcome, type Outcome, type Step } from './rule.js'

/** Longest text that expressions are matched against, in UTF-16 units. */
const LONGEST_SEARCHED = 20_000

/** A step, or what is wrong with the setting named. */
export type Built = Step | { readonly setting: string; readonly problem: string }

/** Replaces every match, whatever the case of letters. */
export function buildExpressionReplace(find: string, replacement: string): Built {
  const expression = compile(find)
  if ('problem' in expression) return expression
  const pieces = attempt('replace', 'The replacement', () => readReplacement(replacement, expression.groups))
  if ('problem' in pieces) return pieces
  return searching(expression, (characters, matches) => {
    let result = ''
    let position = 0
    for (const match of matches) {
      result += textOf(characters, { start: position, end: match.start })
      for (const piece of pieces) {
        if ('text' in piece) result += piece.text
        else result += textOf(characters, piece.group === 0 ? match : match.captures[piece.group - 1]?.at(-1))
      }
      position = match.end
    }
    return valueOutcome(result + textOf(characters, { start: position, end: characters.length }))
  })
}

/** What the groups caught, of every match, one behind the other. */
export function buildExpressionMatch(find: string): Built {
  const expression = compile(find)
  if ('problem' in expression) return expression
  if (expression.groups.length === 0)
    return {
      setting: 'find',
      problem:
        'The expression has no group, so nothing of a match would be kept. Put ( ) around the part that is wanted',
    }
  return searching(expression, (characters, matches) => {
    if (matches.length === 0)
      return {
        kind: 'unread',
        message: 'the expression matches nothing in the value',
        remedy: 'Correct the value, or the expression in "find"',
      }
    const caught = matches.flatMap((match) => match.captures.flat())
    return valueOutcome(caught.map((span) => textOf(characters, span)).join(''))
  })
}

function searching(
  expression: Expression,
  use: (
    characters: readonly string[],
    matches: Extract<ReturnType<typeof findMatches>, { kind: 'matches' }>['matches'],
  ) => Outcome,
): Step {
  return (value) => {
    const text = String(value)
    if (text.length > LONGEST_SEARCHED)
      return {
        kind: 'failed',
        message: `the value is longer than ${LONGEST_SEARCHED} characters, past which no expression is matched`,
        remedy: 'Shorten the value, or put a Substring rule before this one',
      }
    const characters = Array.from(text)
    const found = findMatches(expression, characters)
    if (found.kind === 'tooCostly')
      return {
        kind: 'failed',
        message: 'the expression needs too many steps on this value',
        remedy:
          'Write a simpler expression, with fewer * and + that can match the same text, or shorten the value',
      }
    return use(characters, found.matches)
  }
}

function compile(pattern: string) {
  return attempt('find', 'The expression', () => compileExpression(pattern))
}

function attempt<Result extends object>(
  setting: string,
  subject: string,
  make: () => Result,
): Result | { readonly setting: string; readonly problem: string } {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error
    return { setting, problem: `${subject} ${error.message}` }
  }
}

function textOf(characters: readonly string[], span: Span | undefined): string {
  return span === undefined ? '' : characters.slice(span.start, span.end).join('')
}
