import { CronExpressionParser } from 'cron-parser'
import type { Schedule } from './mapping.js'

const MINUTE = 60_000

/** A schedule in words, as people and Temporal's own pages show it. Equal words mean an equal schedule. */
export function describeSchedule(schedule: Schedule): string {
  return schedule.kind === 'interval'
    ? `Every ${schedule.minutes} ${schedule.minutes === 1 ? 'minute' : 'minutes'}`
    : `Cron ${schedule.expression} (${schedule.timeZone})`
}

/**
 * The next time a schedule is due after `after`, epoch milliseconds. `offset`: the mapping's own place within an interval, so
 * that mappings do not start together; cron times are exact. Throws when the expression or the time zone is unknown.
 */
export function nextStart(schedule: Schedule, offset: number, after: number): number {
  if (schedule.kind === 'interval') {
    const every = schedule.minutes * MINUTE
    const phase = offset % every
    return Math.floor((after - phase) / every) * every + every + phase
  }
  return CronExpressionParser.parse(schedule.expression, {
    tz: schedule.timeZone,
    currentDate: new Date(after),
  })
    .next()
    .getTime()
}

/**
 * Until when a mapping sleeps after a run, epoch milliseconds, or null: awake. A run that wrote nothing and left nothing to
 * try again puts it to sleep (Business Central's inactivity timeout).
 */
export function sleepAfter(
  run: { readonly wroteOrFailed: number; readonly pending: number },
  inactivityTimeoutMinutes: number | null,
  now: number,
): number | null {
  if (inactivityTimeoutMinutes === null || run.wroteOrFailed > 0 || run.pending > 0) return null
  return now + inactivityTimeoutMinutes * MINUTE
}

/** A mapping's own place within an interval, the same on every machine; whole seconds in milliseconds. Its id is random. */
export function scheduleOffset(mappingId: string, interval: number): number {
  return (Number.parseInt(mappingId.slice(0, 8), 16) % Math.floor(interval / 1000)) * 1000
}
