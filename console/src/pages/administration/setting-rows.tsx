import { makeStyles, shorthands, Text, tokens } from '@fluentui/react-components'
import { DeleteRegular, EditRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'

const useStyles = makeStyles({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke3),
  },
  text: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    flexBasis: '260px',
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

export interface SettingRowProps {
  readonly name: string
  readonly badge: ReactNode
  readonly details: ReactNode
  /** Buttons before Edit and Delete. */
  readonly actions?: ReactNode
  /** What else goes with it. */
  readonly deletion: string
  readonly onEdit: () => void
  readonly onDelete: () => Promise<void>
}

/** A rule or a channel: what it is, and how it is changed. */
export function SettingRow({
  name,
  badge,
  details,
  actions,
  deletion,
  onEdit,
  onDelete,
}: SettingRowProps): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const [asking, setAsking] = useState(false)
  return (
    <li className={styles.row}>
      <div className={styles.text}>
        <Text weight="semibold">{name}</Text>
        <Text size={200}>{details}</Text>
      </div>
      {badge}
      <div className={styles.actions}>
        {actions}
        <AllowedButton
          needs="ADMINISTRATOR"
          size="small"
          icon={<EditRegular />}
          aria-label={t('alerts.editNamed', { name })}
          onClick={onEdit}
        >
          {t('alerts.edit')}
        </AllowedButton>
        <AllowedButton
          needs="ADMINISTRATOR"
          size="small"
          icon={<DeleteRegular />}
          aria-label={t('alerts.deleteNamed', { name })}
          onClick={() => setAsking(true)}
        >
          {t('alerts.delete')}
        </AllowedButton>
      </div>
      <ConfirmDialog
        open={asking}
        title={t('alerts.deleteTitle', { name })}
        confirm={t('alerts.delete')}
        onConfirm={async () => {
          await onDelete()
          setAsking(false)
        }}
        onClose={() => setAsking(false)}
      >
        {deletion}
      </ConfirmDialog>
    </li>
  )
}
