import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundState } from '../../shared/states.js'
import { Desk } from './desk.js'
import { SkippedList } from './list.js'

export default function Skipped(): ReactNode {
  return (
    <Routes>
      <Route index element={<SkippedList />} />
      <Route path=":id" element={<Desk />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}
