import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundState } from '../../shared/states.js'
import { Timeline } from './timeline.js'
import { Writes } from './writes.js'

export default function History(): ReactNode {
  return (
    <Routes>
      <Route index element={<Writes />} />
      <Route path="record" element={<Timeline />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}
