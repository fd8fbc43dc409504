import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundState } from '../../shared/states.js'
import { ConnectionList } from './connection-list.js'
import { ConnectionPage } from './connection-page.js'
import { EditPage } from './edit-page.js'
import { FirstPlanPage } from './first-plan-page.js'
import { NewConnection } from './new-connection.js'

export default function Connections(): ReactNode {
  return (
    <Routes>
      <Route index element={<ConnectionList />} />
      <Route path="new" element={<NewConnection />} />
      <Route path=":name" element={<ConnectionPage />} />
      <Route path=":name/edit" element={<EditPage />} />
      <Route path=":name/start" element={<FirstPlanPage />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}
