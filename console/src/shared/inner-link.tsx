import { Link, type LinkProps } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useHref, useLinkClickHandler } from 'react-router'

export interface InnerLinkProps extends Pick<LinkProps, 'className' | 'aria-label' | 'title'> {
  /** A page of the console: `/jobs`. */
  readonly to: string
  readonly children: ReactNode
}

/** A link to another page of the console, looking as links do here. */
export function InnerLink({ to, children, ...link }: InnerLinkProps): ReactNode {
  const href = useHref(to)
  const follow = useLinkClickHandler<HTMLAnchorElement>(to)
  return (
    <Link href={href} onClick={follow} {...link}>
      {children}
    </Link>
  )
}
