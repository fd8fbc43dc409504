import {
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import type { ActedMapping } from './actions.js'
import type { PassDirection } from './generated/graphql.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
})

const BOTH = 'BOTH'

/** Asks before everything is synchronized, and which way. */
export function FullDialog({
  mapping,
  unconditional,
  onConfirm,
  onClose,
}: {
  readonly mapping: ActedMapping
  readonly unconditional: boolean
  onConfirm(direction: PassDirection | null): Promise<void>
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [direction, setDirection] = useState<string>(BOTH)
  const kind = unconditional ? 'unconditional' : 'full'
  return (
    <ConfirmDialog
      open
      title={t(`${kind}.title`, { name: mapping.name })}
      confirm={t(`actions.${kind}`)}
      onConfirm={() => onConfirm(direction === BOTH ? null : (direction as PassDirection))}
      onClose={onClose}
    >
      <div className={styles.content}>
        {unconditional ? (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <Text block>{t('unconditional.caution')}</Text>
              <Text block>{t('unconditional.onlyIf')}</Text>
              <Text block>{t('unconditional.limit')}</Text>
            </MessageBarBody>
          </MessageBar>
        ) : (
          <Text>{t('full.text')}</Text>
        )}
        {mapping.direction === 'BIDIRECTIONAL' && (
          <Field label={t('directionLabel')}>
            <RadioGroup value={direction} onChange={(_event, { value }) => setDirection(value)}>
              <Radio value={BOTH} label={t('direction.BIDIRECTIONAL')} />
              <Radio value="TO_INTEGRATION_TABLE" label={t('direction.TO_INTEGRATION_TABLE')} />
              <Radio value="FROM_INTEGRATION_TABLE" label={t('direction.FROM_INTEGRATION_TABLE')} />
            </RadioGroup>
          </Field>
        )}
      </div>
    </ConfirmDialog>
  )
}
