/** Falls of the clock difference up to this many milliseconds are within the error of the `Date` header's seconds. */
export const CLOCK_ERROR = 2_000

/** `fall`: by how much the source's clock fell back against ours since the watermark was set, milliseconds, 0 or more. */
export function clockFall(offsetBefore: number | null, offsetNow: number): number {
  if (offsetBefore === null) return 0
  const fall = offsetBefore - offsetNow
  return fall > CLOCK_ERROR ? fall : 0
}

/** Where a pass begins to read (engine rule 2): at the watermark, or earlier by as much as the source's clock fell. */
export function readFrom(watermark: number | null, fall: number): number | null {
  return watermark === null ? null : watermark - fall
}

/**
 * The watermark after a completed pass: the source's clock at its start less the commit delay, never earlier than before
 * except by the fall of the source's clock. All in epoch milliseconds.
 */
export function nextWatermark(
  before: number | null,
  clockAtStart: number,
  commitDelay: number,
  fall: number,
): number {
  const reached = clockAtStart - commitDelay
  return before === null ? reached : Math.max(before - fall, reached)
}
