import type { Authorship } from '../../persistence/mappings.js'
import { storable } from '../../persistence/sql.js'
import { PrincipalKind, type Principal } from '../sign-in/principal.js'
import { badUserInput, type InputProblem } from '../errors.js'

const LONGEST_AUTHOR = 200
const LONGEST_NOTE = 4_000

/** Who changes a mapping, and what he believes to change. */
export interface ChangeRequest {
  /** Null: who asks. */
  readonly author: string | null
  readonly note: string | null
  /** The version that the author has seen; null: whatever it is. */
  readonly version: number | null
}

/**
 * Whom a change is ascribed to. A program may name the person it acts for, and is named with him; a person is himself. Throws
 * BAD_USER_INPUT.
 */
export function authorshipOf(
  principal: Principal,
  request: Pick<ChangeRequest, 'author' | 'note'>,
): Authorship {
  const problems: InputProblem[] = []
  const given = request.author?.trim() ?? principal.name
  const author =
    principal.kind === PrincipalKind.token && given !== principal.name
      ? `${given} (${principal.name})`
      : given
  if (principal.kind === PrincipalKind.user && given !== principal.name) {
    problems.push({
      argument: 'author',
      message: `You are signed in as ${principal.name}; leave the author out.`,
    })
  }
  if (given === '' || author.length > LONGEST_AUTHOR) {
    problems.push({ argument: 'author', message: `Expected a name of 1 to ${LONGEST_AUTHOR} characters.` })
  }
  const note = request.note?.trim() ?? ''
  if (note.length > LONGEST_NOTE) {
    problems.push({ argument: 'note', message: `Expected at most ${LONGEST_NOTE} characters.` })
  }
  if (problems.length > 0) throw badUserInput(problems)
  return { author: storable(author), note: note === '' ? null : storable(note) }
}
