/** The emulator's answers against Zendesk's published API description, where that file is present. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { storeFile } from '../../../src/sandbox/rest/state.ts'
import type { RestState } from '../../../src/sandbox/rest/state.ts'
import { emulator } from './emulated-rest.ts'

const DOCUMENT = resolve(import.meta.dirname, '../../../../shared/reference/zendesk-openapi.yaml')
const isPresent = existsSync(DOCUMENT)
if (!isPresent) {
  process.stderr.write('skipped: ../shared/reference/zendesk-openapi.yaml is not present\n')
}

type Schema = Record<string, unknown>
type Document = {
  paths: Record<string, Record<string, { responses?: Record<string, unknown> }>>
  components: { schemas: Record<string, Schema> }
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, formats that mean nothing to us go. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, format: _format, example: _example, ...rest } = value as Schema
  const schema = Object.fromEntries(
    Object.entries(rest).map(([key, inner]) => [key, toJsonSchema(inner)]),
  )
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

/**
 * What the document says too narrowly of the real API: it forgets that these are null when unset. Each
 * is null in Zendesk's own examples or prose.
 */
function withKnownNulls(document: Document): Document {
  const { schemas } = document.components
  const properties = (name: string) => (schemas[name]?.properties ?? {}) as Record<string, Schema>
  const ticket = properties('TicketObject')
  for (const name of ['assignee_id', 'group_id', 'organization_id', 'external_id', 'recipient']) {
    Object.assign(ticket[name] ?? {}, { nullable: true })
  }
  const fieldItems = ticket.custom_fields?.items as { properties: Record<string, Schema> }
  Object.assign(fieldItems.properties.value ?? {}, { nullable: true })
  Object.assign(properties('UserForAdmin').default_group_id ?? {}, { nullable: true })
  for (const name of ['height', 'width']) {
    Object.assign(properties('AttachmentBaseObject')[name] ?? {}, { nullable: true })
  }
  const eventItems = properties('AuditObject').events?.items as {
    properties: Record<string, Schema>
  }
  Object.assign(eventItems.properties.value ?? {}, { nullable: true })
  return document
}

describe.skipIf(!isPresent)('the emulator answers as the API description says', () => {
  const document = isPresent
    ? withKnownNulls(parse(readFileSync(DOCUMENT, 'utf8')) as Document)
    : { paths: {}, components: { schemas: {} } }
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema(toJsonSchema({ components: document.components }) as Schema, 'zendesk')

  /** The reference to the schema of this operation's 200 answer. */
  function schemaOf(path: string, method: string): string {
    const responses = document.paths[path]?.[method]?.responses ?? {}
    const response = responses['200'] as {
      content: { 'application/json': { schema: { $ref: string } } }
    }
    return `zendesk${response.content['application/json'].schema.$ref}`
  }

  const operations: [method: string, path: string, actual: string, body?: unknown][] = [
    ['get', '/api/v2/users', '/api/v2/users?role[]=agent&role[]=admin'],
    ['get', '/api/v2/users/{user_id}', '/api/v2/users/501'],
    ['get', '/api/v2/users/{user_id}', '/api/v2/users/103'],
    ['get', '/api/v2/users/me', '/api/v2/users/me'],
    ['get', '/api/v2/users/show_many', '/api/v2/users/show_many?ids=101,501'],
    ['get', '/api/v2/group_memberships', '/api/v2/group_memberships?page[size]=3'],
    ['get', '/api/v2/group_memberships', '/api/v2/users/104/group_memberships'],
    ['get', '/api/v2/groups', '/api/v2/groups'],
    ['get', '/api/v2/groups/{group_id}', '/api/v2/groups/204'],
    ['get', '/api/v2/custom_roles', '/api/v2/custom_roles'],
    ['get', '/api/v2/brand_agents', '/api/v2/brand_agents'],
    ['get', '/api/v2/ticket_fields', '/api/v2/ticket_fields'],
    ['get', '/api/v2/ticket_fields/{ticket_field_id}', '/api/v2/ticket_fields/306'],
    ['get', '/api/v2/tickets', '/api/v2/tickets'],
    ['get', '/api/v2/tickets/show_many', '/api/v2/tickets/show_many?ids=4001,4004'],
    ['get', '/api/v2/tickets/{ticket_id}', '/api/v2/tickets/4004'],
    ['get', '/api/v2/tickets/{ticket_id}/comments', '/api/v2/tickets/4001/comments'],
    ['get', '/api/v2/tickets/{ticket_id}/audits', '/api/v2/tickets/4001/audits'],
    [
      'get',
      '/api/v2/incremental/tickets/cursor',
      '/api/v2/incremental/tickets/cursor?start_time=1',
    ],
    [
      'put',
      '/api/v2/tickets/{ticket_id}',
      '/api/v2/tickets/4001',
      {
        ticket: {
          status: 'pending',
          assignee_id: 102,
          custom_fields: [{ id: 301, value: 'mask and token' }],
          comment: { body: 'A note.', public: false },
        },
      },
    ],
  ]

  test.each(operations)('%s %s (%s)', async (method, path, actual, body) => {
    const { call } = await emulator()
    const answer = await call(method.toUpperCase(), actual, body)
    expect(answer.status).toBe(200)
    const validate = ajv.compile({ $ref: schemaOf(path, method) })
    validate(answer.body)
    expect(validate.errors ?? []).toEqual([])
  })

  describe('of a ticket with a file', () => {
    const withFile = (state: RestState) => {
      const comment = state.comments[4001]?.[0]
      const file = { fileName: 'note.txt', contentType: 'text/plain', content: 'Hello' }
      const attachment = storeFile(state, file, 'token-1')
      comment?.attachments.push(attachment)
      const place = `/api/v2/tickets/4001/comments/${comment?.id}`
      return { attachment, redact: `${place}/attachments/${attachment.id}/redact` }
    }
    const errorsOf = (body: unknown, path: string, method: string) => {
      const validate = ajv.compile({ $ref: schemaOf(path, method) })
      validate(body)
      return validate.errors ?? []
    }

    test('its comments and the redaction of the file', async () => {
      const { call, rest } = await emulator()
      const { redact } = withFile(rest.state)
      const comments = await call('GET', '/api/v2/tickets/4001/comments')
      const path = '/api/v2/tickets/{ticket_id}/comments'
      expect(errorsOf(comments.body, path, 'get')).toEqual([])
      const redacted = await call('PUT', redact)
      const place = `${path}/{comment_id}/attachments/{attachment_id}/redact`
      expect(redacted.status).toBe(200)
      expect(errorsOf(redacted.body, place, 'put')).toEqual([])
    })

    test('the file has no property that Zendesk does not know', async () => {
      const { rest } = await emulator()
      const known = ['AttachmentBaseObject', 'AttachmentThumbnails'].flatMap((name) =>
        Object.keys((document.components.schemas[name]?.properties ?? {}) as object),
      )
      const { attachment } = withFile(rest.state)
      expect(Object.keys(attachment).filter((key) => !known.includes(key))).toEqual([])
    })
  })

  test('the check would notice: a ticket with a name for an id does not pass', () => {
    const validate = ajv.compile({ $ref: schemaOf('/api/v2/tickets/{ticket_id}', 'get') })
    expect(validate({ ticket: { id: 'one', status: 'open' } })).toBe(false)
  })

  test('every property the emulator sends of a ticket, user, group and field exists in Zendesk', async () => {
    const { rest } = await emulator()
    const known = (name: string) =>
      Object.keys((document.components.schemas[name]?.properties ?? {}) as object)
    const sent: [string, object | undefined, string[]][] = [
      ['TicketObject', rest.state.tickets[0], []],
      ['UserForAdmin', rest.state.users[0], []],
      ['GroupObject', rest.state.groups[0], []],
      ['GroupMembershipObject', rest.state.groupMemberships[0], []],
      ['TicketFieldObject', rest.state.ticketFields[0], []],
      ['TicketCommentObject', rest.state.comments[4001]?.[0], []],
      ['TicketAuditObject', rest.state.audits[4001]?.[0], []],
      ['BrandAgentObject', rest.state.brandAgents[0], []],
    ]
    for (const [schema, object] of sent) {
      expect(Object.keys(object ?? {}).filter((key) => !known(schema).includes(key))).toEqual([])
    }
  })
})
