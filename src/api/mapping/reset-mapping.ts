import { DEFAULT_MAPPINGS } from '../../domain/catalog/default-mappings.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { MappingVersion } from '../../persistence/entities/mapping-version.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import type { ChangeRequest } from './authorship.js'
import { changeMapping, isSame } from './change-mapping.js'
import { consequencesOf } from './consequences.js'
import { diffDocuments } from './document/diff-documents.js'
import { toDocument } from './document/mapping-document.js'
import { under } from './document/problems.js'
import { showChange } from './versions.js'

/**
 * Use Default Synchronization Setup: gives a mapping its default definition. Throws CONFIRMATION_REQUIRED with what would be
 * lost, and what follows, unless confirmed, NOT_FOUND where there is no default of that name.
 */
export async function resetMapping(
  context: ApiContext,
  id: string,
  confirm: boolean,
  request: ChangeRequest,
): Promise<Mapping> {
  return changeMapping(
    context,
    id,
    { ...request, note: request.note ?? 'Use Default Synchronization Setup.' },
    (path) => path,
    ({ name, definition }) => {
      const value = DEFAULT_MAPPINGS.find((candidate) => candidate.name === name)
      if (value === undefined) {
        const names = DEFAULT_MAPPINGS.map((candidate) => candidate.name)
        throw apiError(
          ErrorCode.notFound,
          `${name} is a mapping of your own: it has no default setup. Default mappings: ${names.join(', ')}.`,
          { mappings: names },
        )
      }
      if (!isSame(definition, value) && !confirm) {
        const changes = diffDocuments(toDocument(definition), toDocument(value)).map(showChange)
        throw apiError(
          ErrorCode.confirmationRequired,
          `The default setup of ${name} replaces your own changes: ${changes.map(({ text }) => text).join('; ')}. Ask again with confirm: true. The present version can be restored afterwards.`,
          { changes, consequences: consequencesOf(definition, value) },
        )
      }
      return { read: { value, problems: [] } }
    },
  )
}

/** Gives a mapping the definition of an earlier version, as a new version. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function restoreVersion(
  context: ApiContext,
  id: string,
  version: number,
  request: ChangeRequest,
): Promise<Mapping> {
  return changeMapping(
    context,
    id,
    { ...request, note: request.note ?? `Version ${version} restored.` },
    (path) => under('restore', path),
    async (mapping, em) => {
      const found = await em.findOne(MappingVersion, { mappingId: id, version })
      if (found === null) {
        throw badUserInput([
          {
            argument: 'restore',
            message: `Expected a version of ${mapping.name}, from 1 to ${mapping.version}; got ${version}.`,
          },
        ])
      }
      return { read: { value: found.definition, problems: [] } }
    },
  )
}
