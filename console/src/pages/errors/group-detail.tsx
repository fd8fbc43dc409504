import {
  Badge,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
  Title3,
  tokens,
} from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { Quantity } from '../../shared/quantity.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { BulkButtons } from './bulk-buttons.js'
import { EntryList } from './entry-list.js'
import { GroupDocument, type GroupQuery } from './generated/graphql.js'
import { GroupCare } from './group-care.js'
import { GroupStateBadge } from './group-list.js'
import { headlineOf } from './headline.js'
import { needsDecision, ToDesk } from './to-desk.js'

export type Group = NonNullable<GroupQuery['errorGroup']>

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  back: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  figures: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXXL, margin: 0 },
  figure: { display: 'flex', flexDirection: 'column-reverse' },
  number: { margin: 0, fontSize: tokens.fontSizeBase500, fontWeight: tokens.fontWeightSemibold },
  history: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    margin: 0,
    paddingInlineStart: '20px',
  },
  list: { display: 'flex', flexDirection: 'column', minHeight: '320px', gap: tokens.spacingVerticalM },
})

/** One root cause: what it is, what to do, what it holds up, and everything that can be done with its errors at once. */
export function GroupDetail(): ReactNode {
  const { id = '' } = useParams()
  const { t } = useTranslation('errors')
  const [{ data, error }, refetch] = useQuery({ query: GroupDocument, variables: { id } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['errors'], again)
  const group = data?.errorGroup
  if (group == null) {
    return (
      <Page title={t('group.title')} actions={<Back />}>
        {error === undefined ? <LoadingState /> : <ErrorState failure={failureOf(error)} retry={again} />}
      </Page>
    )
  }
  return <GroupPage group={group} again={again} />
}

function Back(): ReactNode {
  const { t } = useTranslation('errors')
  const styles = useStyles()
  return (
    <InnerLink to="/errors" className={styles.back}>
      <ArrowLeftRegular aria-hidden="true" /> {t('group.back')}
    </InnerLink>
  )
}

/** The skipped records that the group is about. */
function deskOf({ mapping, fingerprint }: Group): string {
  const { name, connection } = mapping
  return `/skipped?${new URLSearchParams({ connection: connection.name, mapping: name, cause: fingerprint }).toString()}`
}

function GroupPage({ group, again }: { readonly group: Group; readonly again: () => void }): ReactNode {
  const { t } = useTranslation('errors')
  const styles = useStyles()
  const figures = [
    ['open', group.openCount],
    ['resolved', group.resolvedCount],
    ['occurrences', group.occurrences],
    ['held', group.recordsHeld],
    ['waiting', group.recordsWaiting],
  ] as const
  return (
    <Page title={headlineOf(group)} actions={<Back />}>
      <div className={styles.row}>
        <GroupStateBadge state={group.state} assignee={group.assignee ?? null} />
        <ErrorClassBadge errorClass={group.errorClass} />
        {group.tags.map((tag) => (
          <Badge key={tag} appearance="outline">
            {tag}
          </Badge>
        ))}
        <Text>
          {group.mapping.name}, {t('group.seen')} <Instant at={group.lastSeen} as="ago" />
        </Text>
        {group.state === 'SNOOZED' && (
          <Text>
            {t('group.snoozedUntil')} <Instant at={group.snoozedUntil} />
          </Text>
        )}
      </div>
      <MessageBar intent={group.state === 'RESOLVED' ? 'success' : 'warning'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>
            {group.state === 'RESOLVED'
              ? t('group.put')
              : headlineOf(group) === group.cause
                ? group.message
                : group.cause}
          </MessageBarTitle>{' '}
          {group.state === 'RESOLVED' ? t('group.was', { cause: group.cause }) : group.remedy}
        </MessageBarBody>
      </MessageBar>
      <dl className={styles.figures}>
        {figures.map(([name, value]) => (
          <div key={name} className={styles.figure}>
            <dt>{t(`group.${name}`)}</dt>
            <dd className={styles.number}>
              <Quantity value={value} />
            </dd>
          </div>
        ))}
      </dl>
      <BulkButtons
        of={{ groups: [group.id] }}
        refusal={group.openCount === 0 ? t('group.nothingOpen') : null}
        {...(group.openCount > 0 &&
          needsDecision(group.errorClass) && { better: <ToDesk to={deskOf(group)} /> })}
        onEnd={again}
      />
      <GroupCare group={group} again={again} />
      {group.history.length > 0 && (
        <section>
          <Title3 as="h2">{t('group.history')}</Title3>
          <ul className={styles.history}>
            {group.history.map(({ id, at, actor, kind, detail }) => (
              <li key={id}>
                <Instant at={at} as="ago" />: {t(`event.${kind}`)} {detail} ({actor})
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={styles.list}>
        <Title3 as="h2">{t('entries')}</Title3>
        <EntryList filter={{ group: group.id }} state="all" actions={false} />
      </section>
    </Page>
  )
}
