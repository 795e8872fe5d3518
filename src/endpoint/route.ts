/**
 * A route as data: the app mounts it, the OpenAPI document describes it, and both read the same zod
 * schemas.
 */
import type { z } from 'zod'
import type { RequestContext } from './context.ts'

export type RouteInput = { params: unknown; query: unknown; body: unknown }

export type Route = {
  method: 'get' | 'post' | 'put'
  /** Hono's path syntax, below `/api`. */
  path: string
  /** For the OpenAPI document: `operationId` and one sentence. */
  operationId: string
  summary: string
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Takes a file of at most so many bytes instead of JSON: `body` is a Uint8Array then. */
  fileLimitBytes?: number
  /** Takes JSON of so many bytes, where the usual limit is too short. */
  bodyLimitBytes?: number
  response: z.ZodType
  /** Whether the answer changes rarely enough for an ETag; ticking seconds are left out of it. */
  isPolled?: boolean
  handle: (ctx: RequestContext, input: RouteInput) => Promise<unknown>
}

/** Ties a route's handler to the types of its own schemas. */
export function route<
  Response extends z.ZodType,
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: {
  method: Route['method']
  path: string
  operationId: string
  summary: string
  params?: Params
  query?: Query
  body?: Body
  bodyLimitBytes?: number
  response: Response
  isPolled?: boolean
  handle: (
    ctx: RequestContext,
    input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> },
  ) => Promise<z.input<Response>>
}): Route {
  // The app parses params, query and body with these very schemas before it calls the handler.
  return definition as unknown as Route
}

/** The same for a route that takes a file, as `application/octet-stream`: its bytes say what it is. */
export function fileRoute<Response extends z.ZodType, Params extends z.ZodType>(definition: {
  method: 'post' | 'put'
  path: string
  operationId: string
  summary: string
  params: Params
  fileLimitBytes: number
  response: Response
  handle: (
    ctx: RequestContext,
    input: { params: z.output<Params>; body: Uint8Array },
  ) => Promise<z.input<Response>>
}): Route {
  // The app parses params with this very schema, and reads the file, before it calls the handler.
  return definition as unknown as Route
}
