import {
  Card,
  Checkbox,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Subtitle1,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMutation, useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import {
  CoupleRecordsDocument,
  CouplingPreviewDocument,
  type CoupleSynchronize,
} from './generated/graphql.js'
import { SideBySide } from './side-by-side.js'
import type { CoupledMapping } from './use-mappings.js'
import { Writes } from './writes.js'

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
})

export function Pair({
  mapping,
  localId,
  integrationId,
}: {
  readonly mapping: CoupledMapping
  readonly localId: string
  readonly integrationId: string
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const navigate = useNavigate()
  const notify = useNotify()
  const [choice, setChoice] = useState<CoupleSynchronize | null>(null)
  const [recouple, setRecouple] = useState(false)
  const [{ fetching }, couple] = useMutation(CoupleRecordsDocument)
  const names = { connection: mapping.connection.name, mapping: mapping.name }
  const [{ data, error }, again] = useQuery({
    query: CouplingPreviewDocument,
    variables: { ...names, localId, integrationId },
    requestPolicy: 'network-only',
  })
  const preview = data?.couplingPreview
  if (error !== undefined)
    return <ErrorState failure={failureOf(error)} retry={() => again({ requestPolicy: 'network-only' })} />
  if (preview === undefined) return <LoadingState label={t('looking')} />
  const chosen = preview.choices.find(({ synchronize }) => synchronize === choice) ?? preview.choices[0]
  const isTaken = preview.local.couplingId !== null || preview.integration.couplingId !== null
  const refusal =
    preview.couplingId !== null
      ? t('setUp.areCoupled')
      : preview.problem !== null && !(isTaken && recouple)
        ? preview.problem
        : null
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('setUp.compareTitle')}</Subtitle1>
      <SideBySide
        fields={preview.fields}
        localTitle={preview.local.record.name ?? mapping.connection.localSystem.caption}
        integrationTitle={preview.integration.record.name ?? mapping.connection.integrationSystem.caption}
      />
      <Field label={t('setUp.synchronize')}>
        <RadioGroup
          value={chosen?.synchronize ?? ''}
          onChange={(_event, { value }) => setChoice(value as CoupleSynchronize)}
        >
          {preview.choices.map(({ synchronize }) => (
            <Radio key={synchronize} value={synchronize} label={t(`setUp.choices.${synchronize}`)} />
          ))}
        </RadioGroup>
      </Field>
      {chosen !== undefined && <Writes choice={chosen} fields={preview.fields} />}
      {preview.problem !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{preview.problem}</MessageBarBody>
        </MessageBar>
      )}
      {isTaken && preview.couplingId === null && (
        <Checkbox
          label={t('setUp.recouple')}
          checked={recouple}
          onChange={(_event, { checked }) => setRecouple(checked === true)}
        />
      )}
      <div>
        <AllowedButton
          needs="OPERATOR"
          appearance="primary"
          refusal={refusal}
          disabled={fetching}
          onClick={() =>
            void couple({
              ...names,
              localId,
              integrationId,
              synchronize: chosen?.synchronize ?? 'NONE',
              recouple,
            }).then((answer) => {
              if (answer.error !== undefined) {
                notify({ intent: 'error', title: failureOf(answer.error).message })
                return
              }
              const result = answer.data?.coupleRecords
              if (result !== undefined && 'couplingId' in result) {
                notify({
                  intent: 'success',
                  title: t('setUp.done'),
                  ...(result.coupledMessage === null ? {} : { body: result.coupledMessage }),
                })
                void navigate(`/couplings/${result.couplingId}`)
              } else {
                notify({ intent: 'warning', title: result?.message ?? t('setUp.notDone') })
                again({ requestPolicy: 'network-only' })
              }
            })
          }
        >
          {t('setUp.couple')}
        </AllowedButton>
      </div>
    </Card>
  )
}
