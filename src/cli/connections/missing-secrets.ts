import { SECRET_MEMBERS } from '../../connectors/service-settings.js'
import { ApiRefusal } from '../api-client.js'
import { problemsOf } from '../mappings/mappings-api.js'

/**
 * The secrets that an operation was refused for the want of, as arguments of the API; empty where anything else is wrong as well: that is to
 * be mended first.
 */
export function secretsMissing(error: unknown, isGiven: (argument: string) => boolean): readonly string[] {
  if (!(error instanceof ApiRefusal)) return []
  const problems = error.failures.flatMap(({ extensions }) => problemsOf(extensions))
  const names = problems.map(({ argument }) => argument)
  return names.every((name) => isSecretArgument(name) && !isGiven(name)) ? names : []
}

export function isSecretArgument(argument: string): boolean {
  return SECRET_MEMBERS.has(argument.slice(argument.lastIndexOf('.') + 1))
}

/** How to give a secret that is missing or not as it must be. */
export function howToGive(word: string): string {
  return `Give it with --secret ${word}, which asks for it unseen or reads it from the input, or as a reference, env:NAME or file:PATH.`
}
