import { print } from 'graphql'
import { CombinedError, createRequest, gql, makeOperation } from 'urql'
import { describe, expect, test } from 'vitest'
import { dataInWords, errorInWords, withTypes } from '../../console/src/api/answer-words.js'

const words = {
  said: (text: string) => `said(${text})`,
  saidOrQuoted: (text: string) => `quoted(${text})`,
}

describe('answers of the API', () => {
  test('have their sentences put into words, and their data left alone', () => {
    const answer = {
      runProgress: {
        __typename: 'RunProgress',
        run: { __typename: 'SynchRun', message: 'Stopped.', mapping: { __typename: 'X', name: 'Stopped.' } },
      },
      versions: [
        { __typename: 'IntegrationTableMappingVersion', consequences: ['One.', 'Two.'], author: 'A' },
      ],
    }
    expect(dataInWords(answer, words)).toEqual({
      runProgress: {
        __typename: 'RunProgress',
        run: {
          __typename: 'SynchRun',
          message: 'quoted(Stopped.)',
          mapping: { __typename: 'X', name: 'Stopped.' },
        },
      },
      versions: [
        {
          __typename: 'IntegrationTableMappingVersion',
          consequences: ['said(One.)', 'said(Two.)'],
          author: 'A',
        },
      ],
    })
  })

  test('that come by a subscription are asked for with their types, by which sentences are known', () => {
    const request = createRequest(
      gql`
        subscription {
          runProgress(runId: "1") {
            run {
              message
            }
          }
        }
      `,
      {},
    )
    const operation = makeOperation('subscription', request, {
      url: 'http://127.0.0.1/graphql',
      requestPolicy: 'network-only',
    })
    expect(print(withTypes(operation).query as Parameters<typeof print>[0])).toMatch(
      /run \{\s+message\s+__typename\s+\}/,
    )
  })
})

test('refusals have their sentences put into words: what is wrong, what would change and what follows', () => {
  const refused = new CombinedError({
    graphQLErrors: [
      {
        message: 'Confirm it.',
        extensions: {
          code: 'CONFIRMATION_REQUIRED',
          changes: [{ path: 'direction', before: 'A', after: 'B', text: 'direction: A -> B' }],
          consequences: ['It follows.'],
          mappings: ['CUSTOMER'],
        },
      },
    ],
  })
  expect(errorInWords(refused, words.said).graphQLErrors[0]).toMatchObject({
    message: 'said(Confirm it.)',
    extensions: {
      code: 'CONFIRMATION_REQUIRED',
      changes: [{ path: 'direction', before: 'A', after: 'B', text: 'said(direction: A -> B)' }],
      consequences: ['said(It follows.)'],
      mappings: ['CUSTOMER'],
    },
  })

  const wrong = new CombinedError({
    graphQLErrors: [
      {
        message: 'input.name: Too long. input.tags: Too many.',
        extensions: {
          problems: [
            { argument: 'input.name', message: 'Too long.' },
            { argument: 'input.tags', message: 'Too many.' },
          ],
        },
      },
    ],
  })
  expect(errorInWords(wrong, words.said).graphQLErrors[0]?.message).toBe(
    'input.name: said(Too long.) input.tags: said(Too many.)',
  )
})
