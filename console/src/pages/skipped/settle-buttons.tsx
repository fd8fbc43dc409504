import {
  makeStyles,
  Menu,
  MenuButton,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../api/session.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { formatNumber } from '../../shared/quantity.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import {
  StartSettlementDocument,
  type BulkSettlement,
  type StartBulkSettlementInput,
} from './generated/graphql.js'

/** The most that the API takes by their ids. */
const MOST_IDS = 1_000
const BUTTONS = ['KEEP_LOCAL', 'KEEP_INTEGRATION', 'AS_RECOMMENDED', 'RETRY'] as const
const MORE = ['RESTORE_RECORDS', 'DELETE_RECORDS', 'DELETE_COUPLINGS'] as const
type Action = ((typeof BUTTONS)[number] | (typeof MORE)[number]) & BulkSettlement

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

/** What is asked about: what the question names is what is acted on, whatever the list shows by then. */
interface Asked {
  readonly action: Action
  readonly of: SettleButtonsProps['of']
  readonly count: number
  readonly isExact: boolean
}

export interface SettleButtonsProps {
  /** Which records: some by their ids, or all that a filter lets in. */
  readonly of: Pick<StartBulkSettlementInput, 'ids' | 'filter'>
  /** How many those are; not exact: more than so many. */
  readonly count: number
  readonly isExact: boolean
  /** What the two sides are called. */
  readonly sides: { readonly local: string; readonly integration: string }
  onStarted(actionId: string): void
}

/** One decision for many skipped records, carried out by the server whether anybody looks or not. */
export function SettleButtons({ of, count, isExact, sides, onStarted }: SettleButtonsProps): ReactNode {
  const { t, i18n } = useTranslation('skipped')
  const styles = useStyles()
  const notify = useNotify()
  const mayNot = useRefusal('OPERATOR')
  const [asked, setAsked] = useState<Asked | null>(null)
  const { act } = useAction()
  const tooMany = of.ids != null && of.ids.length > MOST_IDS
  const refusal = count === 0 ? t('selectFirst') : tooMany ? t('bulk.tooMany', { most: MOST_IDS }) : null
  const nameOf = (action: Action): string =>
    action === 'KEEP_LOCAL'
      ? t('actions.KEEP', { side: sides.local })
      : action === 'KEEP_INTEGRATION'
        ? t('actions.KEEP', { side: sides.integration })
        : t(`actions.${action}`)

  const ask = (action: Action): void => setAsked({ action, of, count, isExact })
  const titleOf = ({ action, count: meant, isExact: exact }: Asked): string =>
    exact
      ? t('confirm.title', { action: nameOf(action), count: meant })
      : t('confirm.titleAtLeast', { action: nameOf(action), number: formatNumber(meant, i18n.language) })

  async function start({ action, of: meant }: Asked): Promise<void> {
    const data = await act(StartSettlementDocument, { input: { action, ...meant } })
    setAsked(null)
    if (data === null) return
    const result = data.startBulkSettlement
    if (result.__typename === 'BulkActionRefused') notify({ intent: 'warning', title: result.message })
    else onStarted(result.bulkAction.id)
  }

  return (
    <div className={styles.row}>
      {BUTTONS.map((action) => (
        <AllowedButton
          key={action}
          needs="OPERATOR"
          refusal={refusal}
          appearance={action === 'AS_RECOMMENDED' ? 'primary' : 'secondary'}
          onClick={() => ask(action)}
        >
          {nameOf(action)}
        </AllowedButton>
      ))}
      {mayNot !== null || refusal !== null ? (
        <AllowedButton needs="OPERATOR" refusal={refusal}>
          {t('bulk.more')}
        </AllowedButton>
      ) : (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <MenuButton>{t('bulk.more')}</MenuButton>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {MORE.map((action) => (
                <MenuItem key={action} onClick={() => ask(action)}>
                  {nameOf(action)}
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
      {asked !== null && (
        <ConfirmDialog
          open
          title={titleOf(asked)}
          confirm={nameOf(asked.action)}
          onConfirm={() => start(asked)}
          onClose={() => setAsked(null)}
        >
          {t(`confirm.${asked.action}`, sides)}
        </ConfirmDialog>
      )}
    </div>
  )
}
