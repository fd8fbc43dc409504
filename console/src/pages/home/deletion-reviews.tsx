import { makeStyles, shorthands, Text, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { formatNumber } from '../../shared/quantity.js'
import { RecordLink } from '../../shared/record-link.js'
import { useAction } from '../../shared/use-action.js'
import { AllowDeletionsDocument, RejectDeletionsDocument, type HomeQuery } from './generated/graphql.js'

type Review = HomeQuery['deletionReviews']['nodes'][number]
/** What somebody is about to do with a review; more may be found for it meanwhile, which is told as well. */
interface Asked {
  readonly id: string
  readonly decision: 'allow' | 'reject'
}

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  review: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    '&:not(:last-child)': shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke3),
  },
  text: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    flexBasis: '300px',
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  records: { margin: 0, overflowWrap: 'anywhere' },
})

export interface DeletionReviewsProps {
  readonly reviews: readonly Review[]
  readonly onDecided: () => void
}

/** More deletions at once than a mapping lets pass: nothing becomes of them until somebody has looked. */
export function DeletionReviews({ reviews, onDecided }: DeletionReviewsProps): ReactNode {
  const { t, i18n } = useTranslation('home')
  const styles = useStyles()
  const navigate = useNavigate()
  const { act } = useAction()
  const [asked, setAsked] = useState<Asked | null>(null)
  const number = (value: number): string => formatNumber(value, i18n.language)

  const review = reviews.find(({ id }) => id === asked?.id)

  async function decide({ id, decision }: Asked): Promise<void> {
    const variables = { id }
    if (decision === 'allow') {
      const done = await act(AllowDeletionsDocument, variables, { done: t('reviews.allowed') })
      if (done !== null) void navigate(`/jobs/${done.allowDeletions.id}`)
    } else {
      await act(RejectDeletionsDocument, variables, { done: t('reviews.rejected') })
    }
    setAsked(null)
    onDecided()
  }

  return (
    <Panel title={t('reviews.title')}>
      <ul className={styles.list}>
        {reviews.map((one) => (
          <li key={one.id} className={styles.review}>
            <div className={styles.text}>
              <Text weight="semibold">
                {t('reviews.found', {
                  count: one.deletionsWaiting,
                  mapping: one.mapping.name,
                  deletions: number(one.deletionsWaiting),
                  couplings: number(one.couplings),
                })}
              </Text>
              <Text size={200} className={styles.quiet}>
                <Instant at={one.openedAt} as="ago" />
              </Text>
            </div>
            {(['reject', 'allow'] as const).map((decision) => (
              <AllowedButton
                key={decision}
                needs="OPERATOR"
                size="small"
                onClick={() => setAsked({ id: one.id, decision })}
              >
                {t(`reviews.${decision}`)}
              </AllowedButton>
            ))}
          </li>
        ))}
      </ul>
      {asked !== null && review !== undefined && (
        <ConfirmDialog
          open
          title={t(`reviews.${asked.decision}Title`, {
            count: review.deletionsWaiting,
            deletions: number(review.deletionsWaiting),
            mapping: review.mapping.name,
          })}
          confirm={t(`reviews.${asked.decision}`)}
          onConfirm={() => decide(asked)}
          onClose={() => setAsked(null)}
        >
          <Text block>{t(`reviews.${asked.decision}Body`)}</Text>
          <ul className={styles.records}>
            {review.deletions.map(({ couplingId, goneSide, localRecord, integrationRecord }) => (
              <li key={couplingId}>
                <RecordLink record={goneSide === 'LOCAL' ? integrationRecord : localRecord} />{' '}
                <span className={styles.quiet}>{t(`reviews.gone.${goneSide}`)}</span>
              </li>
            ))}
          </ul>
          {review.deletions.length < review.deletionsWaiting && (
            <Text>
              {t('reviews.more', {
                number: number(review.deletionsWaiting - review.deletions.length),
              })}
            </Text>
          )}
        </ConfirmDialog>
      )}
    </Panel>
  )
}
