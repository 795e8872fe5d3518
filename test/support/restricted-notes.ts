/** Restricted notes as people write them, and what Zendesk shows of them. */
import { writtenNote } from '../../src/contract/restricted-notes.ts'
import type { WriteNoteInput, WrittenNote } from '../../src/contract/restricted-notes.ts'
import type { RestComment } from '../../src/sandbox/rest/state.ts'
import type { Answer, Caller, TestEndpoint } from './endpoint.ts'
import { REFUND_TICKET } from './story.ts'

export const NOTE =
  'Bank says the account was opened last week.\nDo not refund before Lena called back.'

export const sendNote = (
  by: Caller,
  change: Partial<WriteNoteInput> = {},
  ticketId = REFUND_TICKET,
): Promise<Answer> =>
  by.post(`/api/tickets/${ticketId}/restricted-notes`, {
    text: NOTE,
    sensitivityClass: 'restricted',
    ...change,
  })

export const writeNote = async (
  by: Caller,
  change: Partial<WriteNoteInput> = {},
  ticketId = REFUND_TICKET,
): Promise<WrittenNote> => (await sendNote(by, change, ticketId)).as(writtenNote)

/** The comments of a ticket that stand for restricted notes. */
export function standInsOf(
  { zendesk }: Pick<TestEndpoint, 'zendesk'>,
  ticketId = REFUND_TICKET,
): RestComment[] {
  const comments = zendesk.emulator.state.comments[ticketId] ?? []
  return comments.filter(({ body }) => body.startsWith('Restricted note by '))
}
