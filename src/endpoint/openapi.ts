/**
 * The OpenAPI document, from the very schemas that guard the routes. Loaded on demand: serving the
 * API costs nothing of this.
 */
import { z } from 'zod'
import { createDocument } from 'zod-openapi'
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi'
import { problem } from '../contract/primitives.ts'
import { location } from '../contract/session.ts'
import type { Route } from './route.ts'

const jsonOf = (schema: z.ZodType) => ({ 'application/json': { schema } })
const html = { 'text/html': { schema: z.string() } }
const refused = { $ref: '#/components/responses/Problem' } as const

/** The document for these routes, OpenAPI 3.1. */
export function describeApi(routes: readonly Route[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = { ...pages() }
  for (const route of routes) {
    const path = `/api${route.path.replace(/:([A-Za-z]+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method]: describeRoute(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Scrim',
      version: '1',
      description:
        'The approval endpoint. Every failure is problem details (RFC 9457) with a stable code.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }],
    paths,
    components: {
      schemas: { Problem: problem },
      responses: {
        Problem: {
          description: 'Refused, or failed. `code` says why.',
          content: { 'application/problem+json': { schema: problem } },
        },
      },
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          description: 'The session credential of a page that Zendesk signed.',
        },
      },
    },
  })
}

function describeRoute(route: Route): ZodOpenApiOperationObject {
  const path = asObject(route.params)
  const query = asObject(route.query)
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(path === undefined && query === undefined
      ? {}
      : { requestParams: { ...(path && { path }), ...(query && { query }) } }),
    ...(route.body && { requestBody: { required: true, content: jsonOf(route.body) } }),
    ...(route.fileLimitBytes !== undefined && {
      requestBody: { required: true, content: { 'application/octet-stream': {} } },
    }),
    responses: {
      '200': { description: 'Done.', content: jsonOf(route.response) },
      ...(route.isPolled === true && {
        '304': { description: 'Nothing but time has passed since the tag in `If-None-Match`.' },
      }),
      default: refused,
    },
  }
}

/** Path and query schemas are objects of texts: nothing else can stand in an address. */
function asObject(schema: z.ZodType | undefined): z.ZodObject | undefined {
  if (schema === undefined) return undefined
  if (!(schema instanceof z.ZodObject)) throw new TypeError('params and query are z.strictObject')
  return schema
}

function pages(): ZodOpenApiPathsObject {
  const requestParams = { path: z.object({ location }) }
  const security: [] = []
  return {
    '/zaf/{location}': {
      post: {
        operationId: 'openPage',
        summary: 'The page that Zendesk frames, for a page credential that it signed. Single use.',
        security,
        requestParams,
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': { schema: z.object({ token: z.string() }) },
          },
        },
        responses: {
          '200': { description: 'The page, with a session.', content: html },
          '401': { description: 'The page, without a session.', content: html },
          '503': { description: 'The page, without a session.', content: html },
          default: refused,
        },
      },
      get: {
        operationId: 'openPageWithoutCredential',
        summary: 'The same page without a session, saying so.',
        security,
        requestParams,
        responses: {
          '401': { description: 'The page, without a session.', content: html },
          default: refused,
        },
      },
    },
    '/healthz': {
      get: {
        operationId: 'getHealth',
        summary: 'Whether the endpoint runs. Looks at nothing else.',
        security,
        responses: {
          '200': {
            description: 'It runs.',
            content: jsonOf(z.object({ status: z.literal('ok') })),
          },
        },
      },
    },
  }
}
