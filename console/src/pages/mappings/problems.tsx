import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import type { CombinedError } from 'urql'
import { failureOf } from '../../api/failure.js'

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
})

/** Everything that stands against a definition; else what went wrong. */
export function problemsOf(error: CombinedError): readonly string[] {
  const { problems } = (error.graphQLErrors[0]?.extensions ?? {}) as {
    readonly problems?: readonly { readonly message: string }[]
  }
  return problems?.map(({ message }) => message) ?? [failureOf(error).message]
}

export interface ProblemsProps {
  readonly title: string
  readonly problems: readonly string[]
}

/** Why something was refused; nothing where it was not. */
export function Problems({ title, problems }: ProblemsProps): ReactNode {
  const styles = useStyles()
  if (problems.length === 0) return null
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        <ul className={styles.list}>
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </MessageBarBody>
    </MessageBar>
  )
}
