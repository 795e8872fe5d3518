/** Detects in a process of its own, so that a scan that hangs can be stopped. */
import { detect } from '../../src/detect/detect.ts'
import { HOSTILE_SHAPES } from './hostile.ts'

export type HostileQuestion = { name: string; length: number; markup: 'text' | 'html' }

process.on('message', ({ name, length, markup }: HostileQuestion) => {
  const shape = HOSTILE_SHAPES.find((one) => one.name === name)
  if (shape === undefined) throw new Error(`no such shape: ${name}`)
  process.send?.(detect(shape.make(length), { markup }))
})
process.send?.('ready')
