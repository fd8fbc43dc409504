import type { Headers, WorkflowInterceptors } from '@temporalio/workflow'

/** Headers of a workflow that belong to its trace, as OpenTelemetry's interceptors of client and worker write and read them. */
const TRACE_HEADER = '_tracer-data'

/**
 * Hands the trace of the request that started a workflow on to its steps, to what it starts, and to the execution in which it goes on. It
 * records nothing itself, so that a workflow does the same whether it is traced or not.
 */
export function interceptors(): WorkflowInterceptors {
  let carried: Headers = {}
  const withTrace = <Input extends { readonly headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: { ...carried, ...input.headers },
  })
  return {
    inbound: [
      {
        execute(input, next) {
          const data = input.headers[TRACE_HEADER]
          if (data !== undefined) carried = { [TRACE_HEADER]: data }
          return next(input)
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withTrace(input)),
        startChildWorkflowExecution: (input, next) => next(withTrace(input)),
        continueAsNew: (input, next) => next(withTrace(input)),
      },
    ],
  }
}
