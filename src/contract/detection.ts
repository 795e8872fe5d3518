/** What is looked for, from which confidence it counts, and what the save guard does about it. */
import type { z } from 'zod'
import { detectionSection } from '../core/detection.ts'

/** `GET /api/detection`: the policy's detection section as it stands. */
export const detectionSettings = detectionSection

export type DetectionSettingsView = z.infer<typeof detectionSettings>
