import type { Examination, ExaminationInput } from '../domain/examination.js'
import { Lane } from '../domain/lane.js'
import { bounded } from '../domain/examination.js'
import { assertNever } from '../domain/value.js'
import type { ActivityDependencies } from './dependencies.js'
import { examineCandidates } from './examine-candidates.js'
import { examinePair } from './examine-pair.js'
import { examineSearch } from './examine-search.js'
import { examineStanding } from './examine-standing.js'
import { loadMapping } from './mapping-context.js'

/** Reads records for a person who looks before he acts; less than 50 KB. Nothing is changed. */
export async function examineRecords(
  dependencies: ActivityDependencies,
  input: ExaminationInput,
): Promise<Examination> {
  const context = await loadMapping(dependencies, input.mappingId, Lane.person)
  switch (input.kind) {
    case 'pair':
      return bounded(await examinePair(context, input))
    case 'candidates':
      return bounded(await examineCandidates(context, input))
    case 'record':
      return bounded(await examineStanding(context, input))
    case 'search':
      return bounded(await examineSearch(context, input))
    default:
      return assertNever(input)
  }
}
