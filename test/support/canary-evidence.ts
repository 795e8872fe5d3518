/** What canary tests search, and how they say what they found: by place, canary and encoding. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { eq } from 'drizzle-orm'
import type { EndpointDeps } from '../../src/endpoint/context.ts'
import type { RestEmulator } from '../../src/sandbox/rest/emulator.ts'
import type { RestState } from '../../src/sandbox/rest/state.ts'
import { residualExposures } from '../../src/storage/schema.ts'
import { pdfOf, streamOf } from './attachments.ts'
import type { Sighting } from './canary-matcher.ts'
import type { Evidence } from './canary-recorder.ts'

/** Names of places, canaries and encodings: never a value. */
export function leaksIn(
  find: (haystack: Uint8Array | string) => Sighting[],
  evidence: readonly Evidence[],
): string[] {
  return evidence.flatMap(({ where, haystack, mayHold = [] }) =>
    find(haystack)
      .filter(({ canary }) => !mayHold.includes(canary))
      .map(({ canary, encoding }) => `${where} holds ${canary} (${encoding})`),
  )
}

/** What the emulated Zendesk keeps is looked at apart: what stays there stays for a reason. */
const ZENDESK_FILE = 'zendesk.json'

export async function filesIn(folder: string, when = ''): Promise<Evidence[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith(ZENDESK_FILE))
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      return { where: `${relative(folder, path)}${when}`, haystack: await readFile(path) }
    }),
  )
}

/** All that Zendesk keeps, without what is listed as staying there; and that list. */
export async function zendeskBeyondExposures(
  emulator: Pick<RestEmulator, 'exportState'>,
  { database, account, policy }: Pick<EndpointDeps, 'database' | 'account' | 'policy'>,
): Promise<{ text: string; listed: string[] }> {
  const rows = await database.orm
    .select()
    .from(residualExposures)
    .where(eq(residualExposures.account, account.id))
  // What `exportState` wrote.
  const state = JSON.parse(emulator.exportState()) as RestState
  for (const { ticketId, category, place } of rows) {
    if (category !== 'field_history') continue
    const field = policy.fields.find(({ id }) => id === place)
    // A place that no catalogue names is Zendesk's own name for it: `subject`, `field_<id>`.
    const name = String(field?.zendeskFieldId ?? place.replace('field_', ''))
    for (const audit of state.audits[ticketId] ?? []) {
      audit.events = audit.events.filter(
        (event) => event.type === 'Comment' || event.field_name !== name,
      )
    }
  }
  return {
    // Markup between two digits hides a number from a search, not from a reader.
    text: JSON.stringify(state).replace(/<\/?b>/g, ''),
    listed: rows.map(({ category, kind }) => `${category} ${kind}`).toSorted(),
  }
}

/** A PDF whose one page says `line`, and that holds `run` where no page shows it. */
export function pdfWith(line: string, run: Uint8Array): Uint8Array {
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] ' +
      '/Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>',
    streamOf(`BT /F1 12 Tf 20 100 Td (${line}) Tj ET`),
    streamOf(run),
  ])
}
