import type { Mapping } from '../../persistence/entities/mapping.js'
import type { ApiContext } from '../context.js'
import type { InputProblem } from '../errors.js'
import type { ChangeRequest } from './authorship.js'
import { changeMapping, problemsOfChange } from './change-mapping.js'
import { toDocument } from './document/mapping-document.js'
import { under } from './document/problems.js'
import { readDocument } from './document/read-document.js'
import type { UpdateMappingInput } from './mapping.input.js'
import { setWatermarks, watermarkProblems, type Watermarks } from './watermarks.js'

const INPUT = 'input'

/**
 * Changes settings and watermarks of a mapping; what is left out stays. Throws BAD_USER_INPUT with every problem at once,
 * CONFLICTING_STATE; then nothing is changed.
 */
export async function updateMapping(
  context: ApiContext,
  id: string,
  input: UpdateMappingInput,
  request: ChangeRequest,
): Promise<Mapping> {
  const { toWatermark, fromWatermark, ...settings } = given(input)
  const marks: Watermarks = { toWatermark: input.toWatermark, fromWatermark: input.fromWatermark }
  return changeMapping(context, id, request, inInput, async (mapping, em) => {
    const problems: InputProblem[] = []
    if (toWatermark === undefined && fromWatermark === undefined && Object.keys(settings).length === 0) {
      problems.push({ argument: INPUT, message: 'Expected at least one setting to change.' })
    }
    problems.push(...watermarkProblems(marks, Date.now()))
    const present = toDocument(mapping.definition)
    const read = readDocument({ ...present, ...settings })
    if (read.value === null) {
      problems.push(
        ...(await problemsOfTheRest(settings, read.problems, async (rest) => {
          const tried = readDocument({ ...present, ...rest })
          return tried.value === null ? [] : problemsOfChange(em, mapping, tried.value)
        })),
      )
    }
    return {
      read,
      problems,
      also: async () => {
        await setWatermarks(em, mapping, marks)
        mapping.updatedAt = new Date()
      },
    }
  })
}

/** What is wrong with the settings that can be read, where others cannot: all problems are told at once. */
async function problemsOfTheRest(
  settings: Readonly<Record<string, unknown>>,
  unreadable: readonly InputProblem[],
  judge: (rest: Readonly<Record<string, unknown>>) => Promise<readonly InputProblem[]>,
): Promise<readonly InputProblem[]> {
  const faulty = new Set(unreadable.map(({ argument }) => /^[^.[]*/.exec(argument)?.[0] ?? argument))
  const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => !faulty.has(name)))
  const problems = await judge(rest)
  return problems.map((problem) => ({ ...problem, argument: inInput(problem.argument) }))
}

function inInput(path: string): string {
  return under(INPUT, path)
}

function given(input: UpdateMappingInput): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
