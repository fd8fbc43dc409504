import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { InnerLink } from '../../shared/inner-link.js'
import { formatNumber } from '../../shared/quantity.js'
import type { AuditQuery } from './generated/graphql.js'

export type AuditEntry = AuditQuery['auditEntries']['nodes'][number]
type Subject = AuditEntry['subjects'][number]

/** The page that shows a thing; null: it has none, or was not there. */
export function subjectPath({ kind, id, name, connection }: Subject): string | null {
  const of = encodeURIComponent
  if (id === null || id === undefined) return null
  switch (kind) {
    case 'CONNECTION':
      return `/connections/${of(name)}`
    case 'MAPPING':
      return connection == null ? null : `/mappings/${of(connection)}/${of(name)}`
    case 'RECORD':
      return `/couplings/${id}`
    case 'RUN':
      return `/jobs/${id}`
    case 'ERROR_GROUP':
      return `/errors/group/${id}`
    case 'USER':
      return '/administration/users'
    case 'ACCESS_TOKEN':
      return '/administration/tokens'
    case 'ALERT':
    case 'ALERT_RULE':
    case 'ALERT_CHANNEL':
      return '/administration/alerts'
  }
}

/** What an action was about, each with the page that shows it. */
export function AuditSubjects({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const { t, i18n } = useTranslation('administration')
  const { subjects, subjectCount, changes } = entry
  if (subjects.length === 0) return changes.map(({ name }) => name).join(', ')
  const more = subjectCount - subjects.length
  return (
    <span title={subjects.map(({ name }) => name).join(', ')}>
      {subjects.map((subject, index) => (
        <span key={`${subject.kind} ${subject.id ?? subject.name}`}>
          {index > 0 && ', '}
          <SubjectName subject={subject} />
        </span>
      ))}
      {more > 0 && ` ${t('audit.more', { count: more, number: formatNumber(more, i18n.language) })}`}
    </span>
  )
}

function SubjectName({ subject }: { readonly subject: Subject }): ReactNode {
  const { t } = useTranslation('administration')
  const path = subjectPath(subject)
  return (
    <>
      {t(`audit.subjects.${subject.kind}`)}{' '}
      {path === null ? subject.name : <InnerLink to={path}>{subject.name}</InnerLink>}
    </>
  )
}
