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

/** A share, where 0.98 is 98 %. What is nearly all is not all: 99.996 % is told as 99.99 %. */
export function formatShare(share: number, language: string): string {
  const options: Intl.NumberFormatOptions = {
    style: 'percent',
    maximumFractionDigits: 2,
    roundingMode: 'floor',
  }
  return formatNumber(share, language, options)
}

export interface QuantityProps {
  readonly value: number
  /** `percent` takes a share: 0.98 is 98 %. */
  readonly as?: 'number' | 'percent'
  readonly unit?: string
}

export function Quantity({ value, as = 'number', unit }: QuantityProps): ReactNode {
  const { i18n } = useTranslation()
  if (as === 'percent') return <>{formatShare(value, i18n.language)}</>
  const options: Intl.NumberFormatOptions = {
    maximumFractionDigits: 1,
    ...(unit === undefined ? {} : { style: 'unit', unit }),
  }
  return <>{formatNumber(value, i18n.language, options)}</>
}
