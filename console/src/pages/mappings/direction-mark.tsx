import { Tooltip } from '@fluentui/react-components'
import {
  ArrowBidirectionalLeftRightRegular,
  ArrowLeftRegular,
  ArrowRightRegular,
} from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Direction } from './generated/graphql.js'

const ARROWS = {
  BIDIRECTIONAL: ArrowBidirectionalLeftRightRegular,
  TO_INTEGRATION_TABLE: ArrowRightRegular,
  FROM_INTEGRATION_TABLE: ArrowLeftRegular,
} as const

/** Which way values go between the local table, on the left, and the integration table. */
export function DirectionMark({ direction }: { readonly direction: Direction }): ReactNode {
  const { t } = useTranslation('mappings')
  const Arrow = ARROWS[direction]
  const name = t(`direction.${direction}`)
  return (
    <Tooltip content={name} relationship="inaccessible">
      <span role="img" aria-label={name} style={{ display: 'inline-flex' }}>
        <Arrow aria-hidden="true" />
      </span>
    </Tooltip>
  )
}
