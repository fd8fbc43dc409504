import {
  Badge,
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  tokens,
} from '@fluentui/react-components'
import { ArrowUndoRegular, DismissRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Facts } from '../../shared/facts.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { RecordLink } from '../../shared/record-link.js'
import type { WriteFragment } from './generated/graphql.js'
import { WrittenFields } from './written-fields.js'

export const KIND_COLORS = { CREATE: 'success', UPDATE: 'informative', DELETE: 'danger' } as const

const useStyles = makeStyles({
  drawer: { width: 'min(640px, 100vw)' },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    paddingBlockEnd: tokens.spacingVerticalXXL,
  },
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
})

export interface WriteDrawerProps {
  /** Null: it is closed. */
  readonly write: WriteFragment | null
  readonly onClose: () => void
  readonly onUndo: (write: WriteFragment) => void
}

/** One write: what stood there before and after, why, for whom, by which version of the mapping. */
export function WriteDrawer({ write, onClose, onUndo }: WriteDrawerProps): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  return (
    <OverlayDrawer
      open={write !== null}
      position="end"
      className={styles.drawer}
      onOpenChange={(_event, { open }) => {
        if (!open) onClose()
      }}
    >
      {write !== null && (
        <>
          <DrawerHeader>
            <DrawerHeaderTitle
              action={
                <Button
                  appearance="subtle"
                  aria-label={t('write.close')}
                  icon={<DismissRegular />}
                  onClick={onClose}
                />
              }
            >
              {t('write.title', {
                kind: t(`kinds.${write.kind}`),
                name: write.record?.name ?? t('write.unnamed'),
              })}
            </DrawerHeaderTitle>
          </DrawerHeader>
          <DrawerBody className={styles.body}>
            <div className={styles.actions}>
              <AllowedButton
                needs="OPERATOR"
                appearance="primary"
                icon={<ArrowUndoRegular />}
                refusal={write.undoneBy == null ? null : t('refusals.undone')}
                onClick={() => onUndo(write)}
              >
                {t('actions.undo')}
              </AllowedButton>
              <TimelineLink write={write} />
            </div>
            <WrittenFields fields={write.fields} />
            <WriteFacts write={write} />
          </DrawerBody>
        </>
      )}
    </OverlayDrawer>
  )
}

function TimelineLink({ write: { record, mapping } }: { readonly write: WriteFragment }): ReactNode {
  const { t } = useTranslation('history')
  if (record?.id == null) return null
  const place = {
    connection: mapping.connection.name,
    mapping: mapping.name,
    side: record.side,
    id: record.id,
  }
  return (
    <InnerLink to={`/history/record?${new URLSearchParams(place).toString()}`}>
      {t('write.timeline')}
    </InnerLink>
  )
}

export function WriteFacts({ write }: { readonly write: WriteFragment }): ReactNode {
  const { t } = useTranslation('history')
  const { mapping, mappingVersion, run, undoneBy } = write
  const version = mappingVersion == null ? '' : `, ${t('write.version', { version: mappingVersion })}`
  return (
    <Facts
      facts={[
        [t('write.reason'), write.reason],
        [t('write.at'), <Instant key="at" at={write.at} />],
        [t('write.by'), write.requestedBy],
        [t('write.record'), write.record == null ? null : <RecordLink key="record" record={write.record} />],
        [
          t('write.other'),
          write.otherRecord == null ? null : <RecordLink key="other" record={write.otherRecord} />,
        ],
        [t('write.mapping'), `${mapping.name}${version}`],
        [t('write.decision'), write.decisionRow],
        [
          t('write.run'),
          run == null ? null : (
            <InnerLink key="run" to={`/jobs/${run.id}`}>
              {t('write.openRun')}
            </InnerLink>
          ),
        ],
        [
          t('write.undoneBy'),
          undoneBy == null ? null : (
            <Badge key="undone" appearance="outline">
              <InnerLink to={`/jobs/${undoneBy.id}`}>{t('write.undoingRun')}</InnerLink>
            </Badge>
          ),
        ],
        [
          t('write.versions'),
          write.versionBefore == null && write.versionAfter == null
            ? null
            : `${write.versionBefore ?? '-'}, ${write.versionAfter ?? '-'}`,
        ],
        [t('write.trace'), write.traceId],
      ]}
    />
  )
}
