/** What detection is set to, for everyone who types: the save guard runs in their browser. */
import type { DetectionSettingsView } from '../../contract/detection.ts'
import type { RequestContext } from '../context.ts'

export function getDetection({ policy }: RequestContext): DetectionSettingsView {
  return policy.detection
}
