import { Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SECRET_WAYS, type SecretWay } from './draft.js'

const useStyles = makeStyles({
  secret: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 3fr)',
    gap: tokens.spacingHorizontalS,
    alignItems: 'start',
  },
})

export interface SecretFieldProps {
  readonly label: string
  readonly required: boolean
  readonly hint: string
  readonly problem: string | undefined
  readonly way: SecretWay
  readonly value: string
  readonly onChange: (way: SecretWay, value: string) => void
}

/** A secret: typed in unseen, or where the workers find it. It goes to the server once and is shown by nobody again. */
export function SecretField({
  label,
  required,
  hint,
  problem,
  way,
  value,
  onChange,
}: SecretFieldProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  return (
    <div className={styles.secret}>
      <Field label={t('secret.how', { label })}>
        <Select value={way} onChange={(_event, { value: chosen }) => onChange(chosen as SecretWay, '')}>
          {SECRET_WAYS.map((one) => (
            <option key={one} value={one}>
              {t(`secret.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={label}
        required={required}
        {...(hint === '' ? {} : { hint })}
        {...(problem === undefined ? {} : { validationMessage: problem })}
      >
        <Input
          type={way === 'value' ? 'password' : 'text'}
          autoComplete={way === 'value' ? 'new-password' : 'off'}
          spellCheck={false}
          placeholder={way === 'env' ? 'CLIENT_SECRET' : way === 'file' ? '/run/secrets/client-secret' : ''}
          value={value}
          onChange={(_event, { value: typed }) => onChange(way, typed)}
        />
      </Field>
    </div>
  )
}
