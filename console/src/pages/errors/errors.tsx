import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundState } from '../../shared/states.js'
import { ErrorEntry } from './entry.js'
import { GroupDetail } from './group-detail.js'
import { ErrorsHome } from './errors-home.js'

export default function Errors(): ReactNode {
  return (
    <Routes>
      <Route index element={<ErrorsHome />} />
      <Route path="group/:id" element={<GroupDetail />} />
      <Route path="entry/:id" element={<ErrorEntry />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}
