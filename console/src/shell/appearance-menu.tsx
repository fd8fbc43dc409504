import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from '@fluentui/react-components'
import { DarkThemeRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { changeLanguage, languageOf, LANGUAGES } from '../i18n/index.js'
import { APPEARANCES, usePreferences } from './preferences.js'

/** Each language by its own name. */
const NAMES = { en: 'English', de: 'Deutsch' } as const

export function AppearanceMenu(): ReactNode {
  const { t, i18n } = useTranslation()
  const { appearance, setAppearance } = usePreferences()
  return (
    <Menu
      checkedValues={{ appearance: [appearance], language: [languageOf(i18n.language)] }}
      onCheckedValueChange={(_event, { name, checkedItems: [chosen] }) => {
        const language = LANGUAGES.find((one) => one === chosen)
        const look = APPEARANCES.find((one) => one === chosen)
        if (name === 'language' && language !== undefined) void changeLanguage(language)
        if (name === 'appearance' && look !== undefined) setAppearance(look)
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t('appearance.title')} relationship="label">
          <Button appearance="subtle" icon={<DarkThemeRegular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{t('appearance.theme')}</MenuGroupHeader>
            {APPEARANCES.map((value) => (
              <MenuItemRadio key={value} name="appearance" value={value}>
                {t(`appearance.${value}`)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t('appearance.language')}</MenuGroupHeader>
            {LANGUAGES.map((value) => (
              <MenuItemRadio key={value} name="language" value={value} lang={value}>
                {NAMES[value]}
              </MenuItemRadio>
            ))}
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
