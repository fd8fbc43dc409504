import { ApolloArmor } from '@escape.tech/graphql-armor'
import { apiError, ErrorCode } from '../errors.js'
import { GraphQLError, type ValidationContext, type ValidationRule } from '../graphql.js'

/** Tokens of one document; a document of contract size has a few hundred. */
export const MOST_TOKENS = 5_000

/** Levels of fields. The deepest useful question is about half as deep. */
const DEEPEST = 16

/** Fields under another name, in a whole operation: each is resolved of its own, however small the document is. */
const MOST_ALIASES = 50

/** Directives in a whole operation. */
const MOST_DIRECTIVES = 50

/** What a limit is of, as `extensions.what` names it. */
type Limited = 'depth' | 'aliases' | 'directives' | 'tokens'

const REMEDY: Readonly<Record<Limited, string>> = {
  depth: 'Ask for fewer levels of fields; ask again by id for what lies deeper.',
  aliases: 'Ask for the same in several operations, or use a field that takes a list.',
  directives: 'Leave directives out, or ask in several operations.',
  tokens: 'Split the document, and send values as variables.',
}

/**
 * Rules of validation that refuse a document for its shape, before anything is read. What they refuse has the code
 * QUERY_TOO_COMPLEX, with what was limited, the limit and a remedy.
 */
export const DOCUMENT_RULES: readonly ValidationRule[] = new ApolloArmor({
  maxDepth: { ...refusing('depth', DEEPEST), flattenFragments: true },
  maxAliases: refusing('aliases', MOST_ALIASES),
  maxDirectives: refusing('directives', MOST_DIRECTIVES),
  // By the parser itself, by the server's option, and by `measure`, which knows how long lists are.
  maxTokens: { enabled: false },
  blockFieldSuggestion: { enabled: false },
  costLimit: { enabled: false },
}).protect().validationRules

function refusing(what: Limited, limit: number) {
  return {
    n: limit,
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, error: GraphQLError) => {
        const found = Number(/found (\d+)/.exec(error.message)?.[1] ?? limit + 1)
        context?.reportError(tooMuch(what, limit, found))
      },
    ],
  }
}

function tooMuch(what: Limited, limit: number, found: number | null): GraphQLError {
  const told = found === null ? '' : `; this has ${found}`
  return apiError(
    ErrorCode.queryTooComplex,
    `An operation may have at most ${limit} ${what === 'depth' ? 'levels of fields' : what}${told}. ${REMEDY[what]}`,
    { what, limit, ...(found === null ? {} : { found }), remedy: REMEDY[what] },
  )
}

/** The refusal behind an error of parsing or validation; null: the document is at fault in another way. */
export function refusalOf(error: GraphQLError): GraphQLError | null {
  const cause = error.originalError instanceof GraphQLError ? error.originalError : error
  if (cause.extensions['code'] === ErrorCode.queryTooComplex) return cause
  return cause.message.startsWith('Syntax Error: Document contains more that ') &&
    cause.message.includes(`${MOST_TOKENS} tokens`)
    ? tooMuch('tokens', MOST_TOKENS, null)
    : null
}
