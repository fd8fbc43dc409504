/** Why a query cannot be answered; each system words and numbers it in its own way. */
export const QueryFault = {
  /** The text is not OData. */
  syntax: 'syntax',
  /** A member that the entity does not have. */
  unknownField: 'unknownField',
  /** Valid OData that does not fit the member's type. */
  badLiteral: 'badLiteral',
  /** Business Central: `or` over different members. */
  orAcrossFields: 'orAcrossFields',
  /** OData that the real system may know and this sandbox does not serve. */
  unsupported: 'unsupported',
} as const
export type QueryFault = (typeof QueryFault)[keyof typeof QueryFault]

export class QueryError extends Error {
  constructor(
    readonly fault: QueryFault,
    message: string,
  ) {
    super(message)
    this.name = 'QueryError'
  }
}
