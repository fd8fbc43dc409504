import type { MappingVersion } from '../../persistence/entities/mapping-version.js'
import { consequencesOf } from './consequences.js'
import { describeChange, diffDocuments, type DocumentChange } from './document/diff-documents.js'
import type { SettingChangeType } from './mapping-change.type.js'
import { toDocument, type MappingDocument } from './document/mapping-document.js'

/** A version beside the one before it. */
export interface DescribedVersion {
  readonly version: number
  readonly author: string
  readonly note: string | null
  readonly at: Date
  readonly document: MappingDocument
  /** Empty for the first version. */
  readonly changes: readonly SettingChangeType[]
  /** What follows from the changes that their author may not expect. */
  readonly consequences: readonly string[]
}

/** A change as the API shows it. */
export function showChange(change: DocumentChange): SettingChangeType {
  return {
    path: change.path,
    before: change.before ?? null,
    after: change.after ?? null,
    text: describeChange(change),
  }
}

/** Describes each version against the next in the list, which is the one before it; the last has nothing before it. */
export function describeVersions(versions: readonly MappingVersion[]): readonly DescribedVersion[] {
  return versions.map((version, index) => {
    const document = toDocument(version.definition)
    const before = versions[index + 1]
    const changes =
      before === undefined ? [] : diffDocuments(toDocument(before.definition), document).map(showChange)
    return {
      version: version.version,
      author: version.author,
      note: version.note ?? null,
      at: version.at,
      document,
      changes,
      consequences: before === undefined ? [] : consequencesOf(before.definition, version.definition),
    }
  })
}
