import type { MappingDefinition } from '../../../domain/mapping.js'
import { Direction } from '../../../domain/mapping.js'
import type { InputProblem } from '../../errors.js'
import { readDocument } from './read-document.js'

type Container = Record<string | number, unknown>

/**
 * A document that cannot be read, without the parts that are at fault: what else is wrong with it can then be told as well. Null where it
 * cannot be read without them either.
 */
export function readWithout(input: unknown, problems: readonly InputProblem[]): MappingDefinition | null {
  if (typeof input !== 'object' || input === null) return null
  const mended = structuredClone(input) as Container
  for (const { argument } of problems) removeAt(mended, stepsOf(argument))
  // The one choice that a mapping must make; what is told of it is told already.
  mended['direction'] ??= Direction.bidirectional
  return readDocument(mended).value
}

/** Whether a problem lies in a part, or follows from a part, of which the trouble is known already. */
export function isToldOf({ argument }: InputProblem, known: readonly InputProblem[]): boolean {
  return known.some(
    (problem) =>
      argument.startsWith(problem.argument) && /^(?:$|[.[])/.test(argument.slice(problem.argument.length)),
  )
}

/** `fields[2].direction` as `fields`, 2, `direction`. */
function stepsOf(argument: string): readonly (string | number)[] {
  return [...argument.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  )
}

/** Items of lists stay in their places, as problems name them by their numbers. */
function removeAt(container: Container, [step, ...rest]: readonly (string | number)[]): void {
  if (step === undefined) return
  const inner = container[step]
  if (rest.length > 0) {
    if (typeof inner === 'object' && inner !== null) removeAt(inner as Container, rest)
  } else if (!Array.isArray(container)) delete container[step]
}
