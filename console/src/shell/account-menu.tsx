import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components'
import { SignOutRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../api/session.js'

const useStyles = makeStyles({
  who: {
    display: 'flex',
    flexDirection: 'column',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS}`,
  },
})

/** Who is signed in, with which role, and the way out. */
export function AccountMenu(): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  const { principal, signOut } = useSession()
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          aria-label={t('session.signedInAs', { name: principal.name })}
          icon={<Avatar size={24} name={principal.name} color="brand" aria-hidden="true" />}
        />
      </MenuTrigger>
      <MenuPopover>
        <div className={styles.who}>
          <Text weight="semibold">{principal.name}</Text>
          <Text size={200}>{t(`session.roles.${principal.role}`)}</Text>
          <Text size={200}>{t(`session.kinds.${principal.kind}`)}</Text>
        </div>
        <MenuDivider />
        <MenuList>
          <MenuItem icon={<SignOutRegular />} onClick={() => void signOut()}>
            {t('session.signOut')}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
