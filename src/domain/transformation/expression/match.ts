import { assertNever } from '../../value.js'
import { isWordCharacter } from './character.js'
import type { Edge } from './parse.js'
import type { Expression, Program } from './program.js'

/** A place in the text: from a character up to, not including, another. Counts characters, not UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One match. `captures` holds for each group, by its number less one, everything that it caught, in order. */
export interface ExpressionMatch extends Span {
  readonly captures: readonly (readonly Span[])[]
}

export type Matches =
  { readonly kind: 'matches'; readonly matches: readonly ExpressionMatch[] } | { readonly kind: 'tooCostly' }

/** Steps that one value may cost: some 50 ms. Counted, not timed: the same value always gives the same answer. */
const MOST_STEPS = 1_000_000

interface Budget {
  steps: number
}

interface Mark {
  readonly open: boolean
  readonly group: number
  readonly position: number
}

/**
 * All matches, from left to right, as .NET finds them: of several ways to match, the one that the expression names first.
 *
 * Ways are tried one after the other, and a point of choice that failed at a place is never tried there again, so the cost of
 * a search grows with length of text times length of expression, never exponentially. The steps of all searches of a text are
 * counted as well, and past a million the answer is `tooCostly`.
 */
export function findMatches(expression: Expression, characters: readonly string[]): Matches {
  const budget = { steps: MOST_STEPS }
  const matches: ExpressionMatch[] = []
  let from = 0
  while (from <= characters.length) {
    const match = search(expression, characters, from, budget)
    if (budget.steps < 0) return { kind: 'tooCostly' }
    if (match === null) break
    matches.push(match)
    from = match.end > match.start ? match.end : match.end + 1
  }
  return { kind: 'matches', matches }
}

function search(
  { program, groups }: Expression,
  characters: readonly string[],
  from: number,
  budget: Budget,
): ExpressionMatch | null {
  const failed = new Set<number>()
  for (let start = from; start <= characters.length && budget.steps >= 0; start += 1) {
    const marks: Mark[] = []
    const end = matchAt(program, characters, start, budget, failed, marks)
    if (end !== null) return { start, end, captures: capturesOf(marks, groups.length) }
  }
  return null
}

/** Where a match that begins at `start` ends; null where there is none or the steps ran out. Fills `marks`. */
function matchAt(
  program: Program,
  characters: readonly string[],
  start: number,
  budget: Budget,
  failed: Set<number>,
  marks: Mark[],
): number | null {
  const untried = [{ index: 0, position: start, marked: 0 }]
  for (let choice = untried.pop(); choice !== undefined; choice = untried.pop()) {
    let { index, position } = choice
    marks.length = choice.marked
    for (let alive = true; alive;) {
      budget.steps -= 1
      const instruction = program[index]
      if (budget.steps < 0 || instruction === undefined) return null
      index += 1
      switch (instruction.code) {
        case 'match':
          return position
        case 'character': {
          const character = characters[position]
          alive = character !== undefined && instruction.test(character)
          position += 1
          break
        }
        case 'edge':
          alive = isAt(instruction.edge, characters, position)
          break
        case 'split': {
          const key = index * (characters.length + 1) + position
          alive = !failed.has(key)
          if (alive) {
            failed.add(key)
            untried.push({ index: instruction.second, position, marked: marks.length })
            index = instruction.first
          }
          break
        }
        case 'jump':
          index = instruction.target
          break
        case 'open':
        case 'close':
          marks.push({ open: instruction.code === 'open', group: instruction.group, position })
          break
        case 'look': {
          const lookStart = position - instruction.width
          const seen =
            lookStart >= 0 &&
            matchAt(instruction.program, characters, lookStart, budget, new Set(), []) !== null
          alive = seen !== instruction.negated
          break
        }
        default:
          assertNever(instruction)
      }
    }
  }
  return null
}

function isAt(edge: Edge, characters: readonly string[], position: number): boolean {
  switch (edge) {
    case 'start':
      return position === 0
    case 'end':
      return position === characters.length
    case 'lastLine':
      return (
        position === characters.length ||
        (position === characters.length - 1 && characters[position] === '\n')
      )
    case 'boundary':
      return isWordCharacter(characters[position - 1]) !== isWordCharacter(characters[position])
    case 'noBoundary':
      return isWordCharacter(characters[position - 1]) === isWordCharacter(characters[position])
    default:
      return assertNever(edge)
  }
}

function capturesOf(marks: readonly Mark[], groups: number): Span[][] {
  const captures: Span[][] = Array.from({ length: groups }, () => [])
  const opened: number[] = []
  for (const { open, group, position } of marks) {
    if (open) opened.push(position)
    else captures[group - 1]?.push({ start: opened.pop() ?? position, end: position })
  }
  return captures
}
