/** Whole numbers that a field takes. */
export interface NumberRange {
  readonly from: number
  readonly to: number
}

/** Whether what was typed is a whole number of the range. */
export function isWithin(typed: string, { from, to }: NumberRange): boolean {
  const number = Number(typed)
  return /^-?\d+$/.test(typed.trim()) && number >= from && number <= to
}
