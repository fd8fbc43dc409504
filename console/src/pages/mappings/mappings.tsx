import { lazy, type ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundState } from '../../shared/states.js'
import { MappingPage } from './mapping-page.js'
import { MappingList } from './list.js'

const NewMappingPage = lazy(() => import('./create/new-mapping-page.js'))

export default function Mappings(): ReactNode {
  return (
    <Routes>
      <Route index element={<MappingList />} />
      <Route path="new" element={<NewMappingPage />} />
      <Route path=":connection/:name/*" element={<MappingPage />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}
