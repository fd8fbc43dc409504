import { Button, makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, LoadingState } from '../../../shared/states.js'
import type { Failure } from '../../../api/failure.js'
import { FieldPicker } from '../field-picker.js'
import type { Tables } from '../use-tables.js'
import { missingFields, pairName, takenPairs, type OfferedPair } from './new-draft.js'
import { PairList } from './pair-list.js'
import type { StepProps } from './tables-step.js'

const useStyles = makeStyles({
  add: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1, flexBasis: '200px', minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export interface FieldsStepProps extends StepProps {
  readonly tables: Tables
  readonly offered: readonly OfferedPair[]
  readonly timeZone: string
  /** Suggestions are being looked for. */
  readonly looking: boolean
  readonly failure: Failure | null
  /** Looks for them again. */
  retry(): void
}

/** Which fields are carried: what is suggested, with its reason, each to be taken or left, and pairs of one's own. */
export function FieldsStep(props: FieldsStepProps): ReactNode {
  const { draft, change, tables, offered, timeZone, looking, failure, retry } = props
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  if (failure !== null) return <ErrorState failure={failure} retry={retry} />
  if (looking) return <LoadingState label={t('create.looking')} />
  const missing = missingFields(draft, takenPairs(draft.choices, offered), tables)
  return (
    <>
      <Text className={styles.quiet}>{t(offered.length === 0 ? 'create.noPairs' : 'create.pairsHint')}</Text>
      <PairList
        pairs={offered}
        timeZone={timeZone}
        choices={draft.choices}
        onChange={(choices) =>
          change({ choices, ...(choices.get(draft.match) === false ? { match: '' } : {}) })
        }
      />
      {missing.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('create.missing', { fields: missing.join(', ') })}</MessageBarBody>
        </MessageBar>
      )}
      <OwnPair
        tables={tables}
        offered={offered}
        onAdd={(localField, integrationField) => {
          const choices = new Map(draft.choices)
          choices.delete(pairName({ localField, integrationField }))
          change({ own: [...draft.own, { localField, integrationField }], choices })
        }}
      />
    </>
  )
}

/** A pair that nobody has suggested. */
function OwnPair({
  tables,
  offered,
  onAdd,
}: {
  readonly tables: Tables
  readonly offered: readonly OfferedPair[]
  onAdd(localField: string, integrationField: string): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [local, setLocal] = useState('')
  const [integration, setIntegration] = useState('')
  const known = offered.some(
    ({ name }) => name === pairName({ localField: local, integrationField: integration }),
  )
  return (
    <div className={styles.add} role="group" aria-label={t('create.addPair')}>
      <FieldPicker
        className={styles.grow}
        label={`${t('side.LOCAL')}: ${tables.local?.caption ?? ''}`}
        table={tables.local}
        value={local}
        readOnly={false}
        onChange={setLocal}
      />
      <FieldPicker
        className={styles.grow}
        label={`${t('side.INTEGRATION')}: ${tables.integration?.caption ?? ''}`}
        table={tables.integration}
        value={integration}
        readOnly={false}
        onChange={setIntegration}
      />
      <Button
        icon={<AddRegular />}
        disabled={local === '' || integration === '' || known}
        onClick={() => {
          onAdd(local, integration)
          setLocal('')
          setIntegration('')
        }}
      >
        {t('create.addPair')}
      </Button>
    </div>
  )
}
