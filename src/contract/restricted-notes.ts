/** Writing an internal note that only some may read. */
import { z } from 'zod'
import { fieldId, scrimId, sensitivityClass } from './primitives.ts'
import { MAX_VALUE_LENGTH } from './protected-fields.ts'

export const writeNoteInput = z.strictObject({
  text: z.string().min(1).max(MAX_VALUE_LENGTH),
  sensitivityClass,
  /**
   * Made by the client, once per note: repeating it, after an answer that got lost, writes no second
   * one. Absent, every call is a note of its own.
   */
  attemptId: scrimId.optional(),
})
export const writtenNote = z.object({ fieldId, sensitivityClass })

export type WriteNoteInput = z.infer<typeof writeNoteInput>
export type WrittenNote = z.infer<typeof writtenNote>
