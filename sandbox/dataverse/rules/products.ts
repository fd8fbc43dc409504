import type { Row } from '../../common/table.js'
import type { Changes } from '../changes.js'
import { DataverseError } from '../errors.js'
import type { RuleContext } from '../rules.js'
import { ProductState } from '../tables/product.js'

/** What can be changed only while a product is not on sale. */
const DRAFT_ONLY = ['defaultuomscheduleid', 'parentproductid'] as const

interface Transition {
  readonly code: string
  readonly message: string
}

const NOT_FROM_ACTIVE = {
  code: '0x8004F912',
  message: `You can't set a published product to the draft state.`,
}
const NOT_REVISABLE = { code: '0x8004F913', message: `You can't revise a draft or a retired product.` }

/** Why a product cannot go from one state to another; what is not listed is possible. */
const REFUSED: Readonly<Record<string, Transition>> = {
  [transition(ProductState.active, ProductState.active)]: {
    code: '0x8004F982',
    message: 'Product is already in Active State.',
  },
  [transition(ProductState.active, ProductState.draft)]: NOT_FROM_ACTIVE,
  [transition(ProductState.retired, ProductState.retired)]: {
    code: '0x8004F980',
    message: 'Product is already in Retired State.',
  },
  [transition(ProductState.retired, ProductState.draft)]: {
    code: '0x8004F979',
    message: 'It is not possible to move product from Retired to Draft State.',
  },
  [transition(ProductState.retired, ProductState.underRevision)]: NOT_REVISABLE,
  [transition(ProductState.draft, ProductState.draft)]: {
    code: '0x8004F981',
    message: 'Product is already in Draft State.',
  },
  [transition(ProductState.draft, ProductState.underRevision)]: NOT_REVISABLE,
  [transition(ProductState.underRevision, ProductState.draft)]: NOT_FROM_ACTIVE,
  [transition(ProductState.underRevision, ProductState.underRevision)]: {
    code: '0x8004F883',
    message: 'You can only revise an active product.',
  },
}

const STRUCTURE_FAMILY = '2'

/** The state of a new product: it has to be published unless the organisation does without. */
export function initialProductState(row: Row, changes: Changes, context: RuleContext): void {
  const active = context.newProductsAreActive && (changes.lookups.get('parentproductid') ?? null) === null
  row['statecode'] = active ? ProductState.active : ProductState.draft
  row['statuscode'] = active ? '1' : '0'
}

/** Units must fit together, and the state may change along its ways only. Throws DataverseError. */
export function checkProduct(
  row: Row,
  before: Row,
  creating: boolean,
  changes: Changes,
  context: RuleContext,
): void {
  const unit = context.unitOf(row['_defaultuomid_value'] ?? '')
  if (unit?.schedule !== row['_defaultuomscheduleid_value']) {
    throw new DataverseError(400, '0x80043b16', 'The unit does not exist in the specified unit schedule.')
  }
  if (creating) {
    if (row['statecode'] === before['statecode']) return
    throw new DataverseError(
      400,
      '0x80048408',
      `A product cannot be created in state ${row['statecode']}. Create it, then change its state.`,
    )
  }
  checkTransition(row, before, changes)
  const onSale = before['statecode'] === ProductState.active || before['statecode'] === ProductState.retired
  const touched = DRAFT_ONLY.some((attribute) => row[`_${attribute}_value`] !== before[`_${attribute}_value`])
  if (onSale && touched) {
    throw new DataverseError(
      400,
      '0x8004F995',
      'Product, product family and bundle can only be updated in draft state.',
    )
  }
}

function checkTransition(row: Row, before: Row, changes: Changes): void {
  if (!changes.values.has('statecode') && !changes.values.has('statuscode')) return
  const [from, to] = [before['statecode'] ?? '', row['statecode'] ?? '']
  const refused =
    REFUSED[transition(from, to)] ??
    (from === ProductState.draft && to === ProductState.retired
      ? {
          code: '0x8004F978',
          message: `You can't retire this product because ${row['name']} is in draft state. A product should be in Active/ Under Revision state for retiring.`,
        }
      : from === ProductState.retired &&
          to === ProductState.active &&
          (row['_parentproductid_value'] !== null || row['productstructure'] === STRUCTURE_FAMILY)
        ? { code: '0x8004F977', message: `You can't set a retired property to an active state.` }
        : undefined)
  if (refused !== undefined) throw new DataverseError(400, refused.code, refused.message)
}

function transition(from: string, to: string): string {
  return `${from} ${to}`
}
