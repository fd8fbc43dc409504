import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const formats = new Map<string, Intl.NumberFormat>()

/** A number as the language writes it. */
export function formatNumber(value: number, language: string, options?: Intl.NumberFormatOptions): string {
  const key = `${language} ${JSON.stringify(options ?? {})}`
  const format = formats.get(key) ?? new Intl.NumberFormat(language, options)
  formats.set(key, format)
  return format.format(value)
}

export interface QuantityProps {
  readonly value: number
  /** `percent` takes a share: 0.98 is 98 %. */
  readonly as?: 'number' | 'percent'
  readonly unit?: string
}

export function Quantity({ value, as = 'number', unit }: QuantityProps): ReactNode {
  const { i18n } = useTranslation()
  // A share that is nearly all is not all: 99.996 % is told as 99.99 %.
  const options: Intl.NumberFormatOptions =
    as === 'percent'
      ? { style: 'percent', maximumFractionDigits: 2, roundingMode: 'floor' }
      : { maximumFractionDigits: 1, ...(unit === undefined ? {} : { style: 'unit', unit }) }
  return <>{formatNumber(value, i18n.language, options)}</>
}
