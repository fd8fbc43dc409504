import type { Authorship } from '../../persistence/mappings.js'
import { storable } from '../../persistence/sql.js'
import { REQUESTED_BY } from '../context.js'
import { badUserInput, type InputProblem } from '../errors.js'

const LONGEST_AUTHOR = 200
const LONGEST_NOTE = 4_000

/** Who changes a mapping, and what he believes to change. */
export interface ChangeRequest {
  /** Null: whoever holds the API's token. */
  readonly author: string | null
  readonly note: string | null
  /** The version that the author has seen; null: whatever it is. */
  readonly version: number | null
}

/** Throws BAD_USER_INPUT. */
export function authorshipOf(request: Pick<ChangeRequest, 'author' | 'note'>): Authorship {
  const problems: InputProblem[] = []
  const author = request.author?.trim() ?? REQUESTED_BY
  if (author === '' || author.length > LONGEST_AUTHOR) {
    problems.push({ argument: 'author', message: `Expected a name of 1 to ${LONGEST_AUTHOR} characters.` })
  }
  const note = request.note?.trim() ?? ''
  if (note.length > LONGEST_NOTE) {
    problems.push({ argument: 'note', message: `Expected at most ${LONGEST_NOTE} characters.` })
  }
  if (problems.length > 0) throw badUserInput(problems)
  return { author: storable(author), note: note === '' ? null : storable(note) }
}
