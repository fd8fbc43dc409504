import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditSubject } from '../../domain/audit-subject.js'
import { connectionSubject, mappingSubject, subjectsByIds } from '../../persistence/audit-subjects.js'
import { soughtSubjects } from './sought-subjects.js'
import { textWithoutSecrets } from './without-secrets.js'

/** So many are named; of more it is told how many they are. */
const MOST_NAMED = 5

/** What a mutation is about, by name, before it is carried out: afterwards it may be gone. */
export async function nameSubjects(
  em: EntityManager,
  action: string,
  given: unknown,
): Promise<{ readonly subjects: readonly AuditSubject[]; readonly subjectCount: number }> {
  const { ids, mapping, connection, made } = soughtSubjects(action, given)
  const subjects: AuditSubject[] = []
  let unnamed = 0
  for (const sought of ids) {
    const first = sought.ids.slice(0, MOST_NAMED)
    subjects.push(...(await subjectsByIds(em, sought.source, first)))
    unnamed += sought.ids.length - first.length
  }
  if (mapping !== null) subjects.push(await mappingSubject(em, mapping))
  if (connection !== null) subjects.push(await connectionSubject(em, connection))
  if (made !== null) subjects.push({ ...made, id: null, connection: null })
  return { subjects: subjects.map(fitToBeKept), subjectCount: subjects.length + unnamed }
}

/** Names come from whoever asks, whatever he may do: they are no longer, and no more telling, than other arguments. */
function fitToBeKept(subject: AuditSubject): AuditSubject {
  const { name, connection } = subject
  return {
    ...subject,
    name: textWithoutSecrets(name),
    connection: connection === null ? null : textWithoutSecrets(connection),
  }
}
