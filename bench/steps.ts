import type { Client } from '@temporalio/client'

/** A kind of activity in a run: how often it ran, and for how long together. */
export interface Step {
  readonly count: number
  readonly seconds: number
}

export interface History {
  readonly events: number
  readonly steps: Readonly<Record<string, Step>>
}

/** Where the time of a run went, as Temporal recorded it. Steps may overlap: the next page is read while one is written. */
export async function historyOf(client: Client, workflowId: string): Promise<History> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory()
  const events = history.events ?? []
  const names = new Map<string, string>()
  const starts = new Map<string, { readonly name: string; readonly at: number }>()
  const steps: Record<string, { count: number; seconds: number }> = {}
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes
    if (scheduled != null) names.set(String(event.eventId), scheduled.activityType?.name ?? '')
    const started = event.activityTaskStartedEventAttributes
    if (started != null) {
      const name = names.get(String(started.scheduledEventId)) ?? ''
      starts.set(String(event.eventId), { name, at: secondsOf(event.eventTime) })
    }
    const completed = event.activityTaskCompletedEventAttributes
    if (completed == null) continue
    const start = starts.get(String(completed.startedEventId))
    if (start === undefined) continue
    const step = (steps[start.name] ??= { count: 0, seconds: 0 })
    step.count += 1
    step.seconds += secondsOf(event.eventTime) - start.at
  }
  return { events: events.length, steps }
}

interface Timestamp {
  readonly seconds?: unknown
  readonly nanos?: number | null
}

function secondsOf(time: Timestamp | null | undefined): number {
  return Number(String(time?.seconds ?? 0)) + (time?.nanos ?? 0) / 1e9
}
