/** Unknown data from an iframe becomes a typed message here, or nothing (R3, R4). */
import type { AppMessage, RequestOptions } from './messages.ts'

type Fields = Readonly<Record<string, unknown>>

function isFields(data: unknown): data is Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

function isText(data: unknown): data is string {
  return typeof data === 'string'
}

function decode(data: unknown): Fields | null {
  if (!isText(data)) return isFields(data) ? data : null
  try {
    const parsed: unknown = JSON.parse(data)
    return isFields(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** jQuery's options, and a bare address (step 18). */
function parseRequestOptions(data: unknown): RequestOptions | null {
  const options = isText(data) ? { url: data } : data
  if (!isFields(options) || !isText(options.url)) return null
  const method = options.type ?? options.method ?? 'GET'
  const headers = isFields(options.headers) ? options.headers : {}
  return {
    url: options.url,
    method: isText(method) ? method.toUpperCase() : 'GET',
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => isText(entry[1])),
    ),
    contentType: isText(options.contentType) ? options.contentType : null,
    data: options.data,
  }
}

function parseObjection(error: unknown): { message: string | null } | null {
  if (!isFields(error)) return null
  return { message: isText(error.msg) && error.msg !== '' ? error.msg : null }
}

function parseCall(fields: Fields, from: { sender: string; target: string }): AppMessage | null {
  const { id, request, params } = fields
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return null
  switch (request) {
    case 'get':
      return Array.isArray(params) && params.every(isText)
        ? { type: 'get', id, paths: params, ...from }
        : null
    case 'set':
      return isFields(params) ? { type: 'set', id, values: params, ...from } : null
    case 'invoke': {
      if (!isFields(params)) return null
      const calls = Object.entries(params)
      return calls.every((call): call is [string, unknown[]] => Array.isArray(call[1]))
        ? { type: 'invoke', id, calls: Object.fromEntries(calls), ...from }
        : null
    }
    default:
      return null
  }
}

/**
 * Reads one message of an app.
 * @returns null for anything that is not a message of the protocol.
 */
export function parseAppMessage(data: unknown): AppMessage | null {
  const fields = decode(data)
  if (fields === null || !isText(fields.appGuid)) return null
  const sender = fields.appGuid
  // Hook replies carry no instanceGuid: they are the root client's.
  const from = { sender, target: isText(fields.instanceGuid) ? fields.instanceGuid : sender }
  if (!isText(fields.key)) return parseCall(fields, from)

  const { key, message } = fields
  const [, verb, event] = /^iframe\.(on|off|trigger|reply):(.+)$/s.exec(key) ?? []
  if (verb !== undefined && event !== undefined) {
    switch (verb) {
      case 'on':
        return { type: 'subscribe', event, ...from }
      case 'off':
        return {
          type: 'unsubscribe',
          event,
          isLast: isFields(message) && message.subscriberCount === 0,
          ...from,
        }
      case 'trigger':
        return { type: 'trigger', event, data: message, ...from }
      default:
        return {
          type: 'reply',
          event,
          objection: 'error' in fields ? parseObjection(fields.error) : null,
          ...from,
        }
    }
  }
  if (key === 'iframe.handshake') {
    const version = isFields(message) && isText(message.version) ? message.version : ''
    return { type: 'handshake', version, ...from }
  }
  const [, number] = /^request:([1-9]\d{0,8})$/.exec(key) ?? []
  if (number !== undefined) {
    const options = parseRequestOptions(message)
    return options === null ? null : { type: 'request', number: Number(number), options, ...from }
  }
  return key === 'session.live' || key === '__track__' ? { type: 'noise', ...from } : null
}
