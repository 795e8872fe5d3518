/** The OpenAPI document: valid, complete, and about the routes that are really there. */
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../../src/endpoint/routes.ts'
import { MAYA, startEndpoint } from '../../support/endpoint.ts'
import type { TestEndpoint } from '../../support/endpoint.ts'

type Operation = {
  operationId: string
  summary: string
  security?: unknown[]
  parameters?: { name: string; in: string; required?: boolean; schema: object }[]
  requestBody?: { required: boolean; content: Record<string, { schema: object }> }
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: object }> }>
}
type Document = {
  openapi: string
  security: unknown[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; securitySchemes: object; responses: object }
}

let endpoint: TestEndpoint
let document: Document
beforeAll(async () => {
  endpoint = await startEndpoint()
  const response = await endpoint.request('/openapi.json')
  document = (await response.json()) as Document
})

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, op]): [string, string, Operation] => [path, method, op]),
  )

describe('the OpenAPI document', () => {
  test('says which version of OpenAPI it follows', () => {
    expect(document.openapi).toBe('3.1.0')
  })

  test('describes every mounted route of the API, and no other', () => {
    const described = operations()
      .map(([path, method]) => `${method} ${path}`)
      .filter((name) => name.includes('/api/'))
    const mounted = ROUTES.map(
      ({ method, path }) => `${method} /api${path.replace(/:(\w+)/g, '{$1}')}`,
    )
    expect(described.toSorted()).toEqual(mounted.toSorted())
  })

  test('names each operation once', () => {
    const ids = operations().map(([, , operation]) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, , operation] of operations()) expect(operation.summary).toMatch(/\.$|\?$/)
  })

  test('describes each parameter of a path', () => {
    for (const [path, , operation] of operations()) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const parameters = (operation.parameters ?? []).filter(({ in: place }) => place === 'path')
      expect(parameters.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
      expect(parameters.every(({ required }) => required === true)).toBe(true)
    }
  })

  test('asks for a session on every route of the API', () => {
    expect(document.security).toEqual([{ session: [] }])
    expect(document.components.securitySchemes).toMatchObject({
      session: { type: 'http', scheme: 'bearer' },
    })
    for (const [path, , operation] of operations()) {
      const { security } = operation
      expect({ path, security }).toEqual({
        path,
        security: path.startsWith('/api/') ? undefined : [],
      })
    }
  })

  test('answers every failure of the API with problem details', () => {
    expect(document.components.responses).toMatchObject({
      Problem: { content: { 'application/problem+json': {} } },
    })
    for (const [path, , operation] of operations()) {
      if (path === '/healthz') continue
      expect({ path, ...operation.responses['default'] }).toEqual({
        path,
        $ref: '#/components/responses/Problem',
      })
    }
  })

  test('holds JSON Schemas that compile, and that real answers satisfy', async () => {
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema(document, 'openapi')
    for (const [path, method, operation] of operations()) {
      for (const status of Object.keys(operation.responses)) {
        const types = operation.responses[status]?.content ?? {}
        for (const type of Object.keys(types)) {
          const pointer = ['paths', path, method, 'responses', status, 'content', type, 'schema']
            .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
            .join('/')
          expect(() => ajv.getSchema(`openapi#/${pointer}`)).not.toThrow()
        }
      }
    }
    const answer = await (await endpoint.signIn(MAYA)).get('/api/me')
    const validate = ajv.getSchema(
      'openapi#/paths/~1api~1me/get/responses/200/content/application~1json/schema',
    )
    expect(validate?.(JSON.parse(answer.text))).toBe(true)
    expect(validate?.({ person: {} })).toBe(false)
  })

  test('keeps no reference to what is not in it', () => {
    const text = JSON.stringify(document)
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name)
    }
  })
})
