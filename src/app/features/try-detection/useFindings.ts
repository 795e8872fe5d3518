/** Detection at the pace of typing. */
import { useEffect, useMemo, useState } from 'react'
import type { DetectionSettingsView } from '../../../contract/detection.ts'
import type { Finding } from './findings.ts'
import { carry, findAll } from './findings.ts'

const PAUSE_MS = 150

export type Findings = {
  /** In the text as it stands: those of the last pause, carried along while one types. */
  findings: readonly Finding[]
  /** As they were at the last pause, with the text of then. */
  settled: { text: string; findings: readonly Finding[] }
}

export function useFindings(text: string, settings: DetectionSettingsView): Findings {
  const [settledText, setSettledText] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettledText(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  const settled = useMemo(
    () => ({ text: settledText, findings: findAll(settledText, settings) }),
    [settledText, settings],
  )
  const findings = useMemo(() => carry(settled.findings, settled.text, text), [settled, text])
  return { findings, settled }
}
