import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from './quantity.js'

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** `350 ms`, `4.2 sec`, `1 min 5 sec`, `2 hr 3 min`: the two largest units that tell something. */
export function formatDuration(seconds: number, language: string): string {
  const unit = (value: number, name: string, digits = 0): string =>
    formatNumber(value, language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    })
  if (seconds < 1) return unit(Math.round(seconds * 1000), 'millisecond')
  if (seconds < 60) return unit(seconds, 'second', seconds < 10 ? 1 : 0)
  const whole = Math.round(seconds)
  const index = UNITS.findIndex(([, size]) => whole >= size)
  const [name, size] = UNITS[index] ?? (['minute', 60] as const)
  const [smaller, smallerSize] = UNITS[index + 1] ?? (['second', 1] as const)
  const rest = Math.floor((whole % size) / smallerSize)
  return `${unit(Math.floor(whole / size), name)}${rest === 0 ? '' : ` ${unit(rest, smaller)}`}`
}

/** A length of time; null: it is not known. */
export function Duration({ seconds }: { readonly seconds: number | null }): ReactNode {
  const { i18n } = useTranslation()
  return <>{seconds === null ? '' : formatDuration(seconds, i18n.language)}</>
}
