/** What follows from setting a watermark to another time. */
export type WatermarkEffect = 'same' | 'everything' | 'again' | 'skipped' | 'refused'

/** A watermark further ahead than this is refused: no change would be read until then. */
const FURTHEST_AHEAD = 24 * 60 * 60 * 1000

/** What the next pass does when its watermark was set from `before` to `after`. Times in ISO 8601; null: everything is read. */
export function effectOf(before: string | null, after: string | null, now: number): WatermarkEffect {
  if (before === after) return 'same'
  if (after === null) return 'everything'
  const time = Date.parse(after)
  if (Number.isNaN(time) || time > now + FURTHEST_AHEAD) return 'refused'
  return before === null || time > Date.parse(before) ? 'skipped' : 'again'
}

/** As an input of type datetime-local shows it, in the zone of the browser. */
export function localText(at: string | null): string {
  if (at === null) return ''
  const time = new Date(at)
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

/** What was typed into such an input; null: nothing. */
export function fromLocalText(text: string): string | null {
  const time = new Date(text)
  return text === '' || Number.isNaN(time.getTime()) ? null : time.toISOString()
}
