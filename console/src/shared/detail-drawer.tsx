import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  tokens,
} from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const useStyles = makeStyles({
  drawer: { width: 'min(660px, 100vw)' },
  title: { overflowWrap: 'anywhere', minWidth: 0 },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    paddingBlockEnd: tokens.spacingVerticalXXL,
  },
})

export interface DetailDrawerProps<Thing> {
  /** What was opened; null: nothing, and it is closed. */
  readonly of: Thing | null
  readonly title: (thing: Thing) => string
  readonly children: (thing: Thing) => ReactNode
  readonly onClose: () => void
}

/** One row of a list in full, beside it. */
export function DetailDrawer<Thing>({ of, title, children, onClose }: DetailDrawerProps<Thing>): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  return (
    <OverlayDrawer
      open={of !== null}
      position="end"
      className={styles.drawer}
      onOpenChange={(_event, { open }) => {
        if (!open) onClose()
      }}
    >
      {of !== null && (
        <>
          <DrawerHeader>
            <DrawerHeaderTitle
              heading={{ className: styles.title }}
              action={
                <Button
                  appearance="subtle"
                  aria-label={t('dialog.close')}
                  icon={<DismissRegular />}
                  onClick={onClose}
                />
              }
            >
              {title(of)}
            </DrawerHeaderTitle>
          </DrawerHeader>
          <DrawerBody className={styles.body}>{children(of)}</DrawerBody>
        </>
      )}
    </OverlayDrawer>
  )
}
