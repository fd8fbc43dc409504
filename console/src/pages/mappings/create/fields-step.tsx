import {
  Badge,
  Button,
  Checkbox,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Text,
  tokens,
} from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, LoadingState } from '../../../shared/states.js'
import type { Failure } from '../../../api/failure.js'
import { DirectionMark } from '../direction-mark.js'
import { FieldPicker } from '../field-picker.js'
import type { Tables } from '../use-tables.js'
import { missingFields, pairName, takenPairs, type OfferedPair } from './new-draft.js'
import type { StepProps } from './tables-step.js'

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  pair: { display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  why: { display: 'block', color: tokens.colorNeutralForeground2 },
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
}

/** Which fields are carried: what is suggested, with its reason, each to be taken or left, and pairs of one's own. */
export function FieldsStep(props: FieldsStepProps): ReactNode {
  const { draft, change, tables, offered, timeZone, looking, failure } = props
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  if (failure !== null) return <ErrorState failure={failure} />
  if (looking) return <LoadingState label={t('create.looking')} />
  const missing = missingFields(draft, takenPairs(draft, offered), tables)
  return (
    <>
      <Text className={styles.quiet}>{t(offered.length === 0 ? 'create.noPairs' : 'create.pairsHint')}</Text>
      <ul className={styles.list} aria-label={t('tabs.fields')}>
        {offered.map((pair) => (
          <li key={pair.name}>
            <Offered
              pair={pair}
              timeZone={timeZone}
              isTaken={!draft.left.has(pair.name)}
              onChange={(taken) => {
                const left = new Set(draft.left)
                if (taken) left.delete(pair.name)
                else left.add(pair.name)
                change({ left, ...(taken || draft.match !== pair.name ? {} : { match: '' }) })
              }}
            />
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('create.missing', { fields: missing.join(', ') })}</MessageBarBody>
        </MessageBar>
      )}
      <OwnPair
        tables={tables}
        offered={offered}
        onAdd={(localField, integrationField) => {
          const left = new Set(draft.left)
          left.delete(pairName({ localField, integrationField }))
          change({ own: [...draft.own, { localField, integrationField }], left })
        }}
      />
    </>
  )
}

function Offered({
  pair,
  timeZone,
  isTaken,
  onChange,
}: {
  readonly pair: OfferedPair
  readonly timeZone: string
  readonly isTaken: boolean
  onChange(taken: boolean): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { judgement } = pair
  const carried = judgement.kind === 'carried'
  const why = [
    pair.reason ?? t('create.byHand'),
    ...(carried
      ? [
          judgement.lookupMappings.length > 0 &&
            t('fields.lookup', { mappings: judgement.lookupMappings.join(', ') }),
          judgement.needsTimeZone && t('create.dayBegins', { timeZone }),
        ].filter((text) => text !== false)
      : [t(`create.refused.${judgement.reason}`)]),
  ].join(' ')
  return (
    <Checkbox
      checked={carried && isTaken}
      disabled={!carried}
      onChange={(_event, { checked }) => onChange(checked === true)}
      label={
        <span>
          <span className={styles.pair}>
            <span title={pair.localField}>{pair.localCaption}</span>
            {carried ? <DirectionMark direction={judgement.direction} /> : <span aria-hidden="true">–</span>}
            <span title={pair.integrationField}>{pair.integrationCaption}</span>
            {pair.reason === null && (
              <Badge appearance="tint" size="small">
                {t('fields.new')}
              </Badge>
            )}
          </span>
          <Text size={200} className={styles.why}>
            {why}
          </Text>
        </span>
      }
    />
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
