import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Panel } from '../../shared/panel.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import {
  CreateMappingDocument,
  SuggestionsDocument,
  TablesDocument,
  type SetupFragment,
} from './generated/graphql.js'

const DIRECTIONS = ['BIDIRECTIONAL', 'TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] as const
type Direction = (typeof DIRECTIONS)[number]
const LONGEST_NAME = 20

const useStyles = makeStyles({
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 240px), 1fr))',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    alignItems: 'start',
    '& > *': { minWidth: 0 },
    '& .fui-Select, & .fui-Select__select, & .fui-Input': { minWidth: 0 },
  },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  quiet: { color: tokens.colorNeutralForeground2 },
  foot: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

export interface OwnMappingProps {
  readonly connection: SetupFragment
  readonly onDone: () => void
  readonly onCancel?: () => void
}

/** A new mapping: two tables, and the fields that are carried, as they are suggested. */
export function OwnMapping({ connection, onDone, onCancel }: OwnMappingProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const [localTable, setLocalTable] = useState('')
  const [integrationTable, setIntegrationTable] = useState('')
  const [name, setName] = useState('')
  const [direction, setDirection] = useState<Direction>('BIDIRECTIONAL')
  const [creates, setCreates] = useState(true)
  const [match, setMatch] = useState('')
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [{ data, error, fetching }] = useQuery({
    query: SuggestionsDocument,
    variables: { connection: connection.name, localTable, integrationTable },
    pause: localTable === '' || integrationTable === '',
  })
  const suggestions = localTable === '' || integrationTable === '' ? [] : (data?.suggestFieldMappings ?? [])
  const fields = suggestions.filter(({ localField }) => !left.has(localField))
  const matching = fields.find(({ localField }) => localField === match)

  async function create(): Promise<void> {
    setBusy(true)
    setTrouble(null)
    const { data: done, error: refused } = await client
      .mutation(CreateMappingDocument, {
        connection: connection.name,
        input: {
          name: name.trim(),
          localTable,
          integrationTable,
          direction,
          synchOnlyCoupledRecords: !creates,
          fields: fields.map(({ localField, integrationField }) => ({
            localField,
            integrationField,
            status: 'ENABLED' as const,
          })),
          ...(matching === undefined
            ? {}
            : {
                matchRules: [
                  {
                    priority: 1,
                    pairs: [{ localField: matching.localField, integrationField: matching.integrationField }],
                  },
                ],
              }),
        },
      })
      .toPromise()
    setBusy(false)
    if (done !== undefined) {
      notify({
        intent: 'success',
        title: t('told.mapping', { name: done.createIntegrationTableMapping.name }),
      })
      onDone()
    } else if (refused !== undefined) setTrouble(failureOf(refused).message)
  }

  return (
    <Panel title={t('own.title')}>
      {trouble !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{trouble}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.form}>
        <TableField
          connection={connection.name}
          side="LOCAL"
          value={localTable}
          onChange={(table) => {
            setLocalTable(table)
            if (name === '') setName(table.toUpperCase().slice(0, LONGEST_NAME))
          }}
        />
        <TableField
          connection={connection.name}
          side="INTEGRATION"
          value={integrationTable}
          onChange={setIntegrationTable}
        />
        <Field label={t('own.name')} required>
          <Input value={name} maxLength={LONGEST_NAME} onChange={(_event, { value }) => setName(value)} />
        </Field>
        <Field label={t('own.direction')}>
          <Select value={direction} onChange={(_event, { value }) => setDirection(value as Direction)}>
            {DIRECTIONS.map((one) => (
              <option key={one} value={one}>
                {t(`directions.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('own.match')} hint={t('own.matchHint')}>
          <Select value={match} onChange={(_event, { value }) => setMatch(value)}>
            <option value="">{t('own.noMatch')}</option>
            {fields.map(({ localField, localCaption, integrationCaption }) => (
              <option key={localField} value={localField}>
                {localCaption} = {integrationCaption}
              </option>
            ))}
          </Select>
        </Field>
        <Checkbox
          label={t('own.creates')}
          checked={creates}
          onChange={(_event, { checked }) => setCreates(checked === true)}
        />
      </div>
      <Text weight="semibold">{t('own.fields')}</Text>
      {error !== undefined ? (
        <ErrorState failure={failureOf(error)} />
      ) : fetching ? (
        <LoadingState />
      ) : suggestions.length === 0 ? (
        <Text className={styles.quiet}>
          {t(localTable === '' || integrationTable === '' ? 'own.chooseTables' : 'own.noSuggestions')}
        </Text>
      ) : (
        <ul className={styles.list} aria-label={t('own.fields')}>
          {suggestions.map(({ localField, localCaption, integrationCaption, reason }) => (
            <li key={localField}>
              <Checkbox
                checked={!left.has(localField)}
                onChange={(_event, { checked }) => {
                  const after = new Set(left)
                  if (checked === true) after.delete(localField)
                  else after.add(localField)
                  setLeft(after)
                }}
                label={
                  <span>
                    {localCaption} = {integrationCaption} <span className={styles.quiet}>{reason}</span>
                  </span>
                }
              />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.foot}>
        {onCancel !== undefined && <Button onClick={onCancel}>{t('actions.leave')}</Button>}
        <AllowedButton
          needs="ADMINISTRATOR"
          appearance="primary"
          disabled={busy}
          refusal={fields.length === 0 || name.trim() === '' ? t('refusals.fields') : null}
          onClick={() => void create()}
        >
          {t('actions.createMapping')}
        </AllowedButton>
      </div>
    </Panel>
  )
}

interface TableFieldProps {
  readonly connection: string
  readonly side: 'LOCAL' | 'INTEGRATION'
  readonly value: string
  readonly onChange: (table: string) => void
}

function TableField({ connection, side, value, onChange }: TableFieldProps): ReactNode {
  const { t } = useTranslation('connections')
  const [{ data, error }] = useQuery({ query: TablesDocument, variables: { connection, side } })
  const tables = data?.systemTables.tables ?? []
  return (
    <Field
      label={t(`own.tables.${side}`)}
      required
      {...(error === undefined ? {} : { validationMessage: failureOf(error).message })}
    >
      <Select
        value={value}
        disabled={tables.length === 0}
        onChange={(_event, { value: chosen }) => onChange(chosen)}
      >
        <option value="">
          {t(data === undefined && error === undefined ? 'own.reading' : 'own.choose')}
        </option>
        {tables.map(({ name, caption }) => (
          <option key={name} value={name}>
            {caption === name ? name : `${caption} (${name})`}
          </option>
        ))}
      </Select>
    </Field>
  )
}
