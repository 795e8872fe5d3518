/** A JSON document as it is edited, whatever it holds: read and changed by path, never in place. */

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type Path = readonly (string | number)[]

export type JsonObject = { readonly [key: string]: Json }

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** `approval.secret.0.count`, as faults name it. */
export const spellPath = (path: Path): string => path.join('.')

export function getAt(root: Json | undefined, path: Path): Json | undefined {
  let at = root
  for (const part of path) {
    if (isList(at)) at = typeof part === 'number' ? at[part] : undefined
    else if (isObject(at)) at = Object.hasOwn(at, part) ? at[String(part)] : undefined
    else return undefined
  }
  return at
}

/** The document with `value` at `path`; what is missing or no container on the way becomes one. */
export function setAt(root: Json | undefined, path: Path, value: Json): Json {
  const [part, ...rest] = path
  if (part === undefined) return value
  if (typeof part === 'number') {
    const list = isList(root) ? root : []
    return Array.from({ length: Math.max(list.length, part + 1) }, (_, at) =>
      at === part ? setAt(list[at], rest, value) : (list[at] ?? null),
    )
  }
  const object = isObject(root) ? root : {}
  return { ...object, [part]: setAt(object[part], rest, value) }
}

/** The document without what stands at `path`. */
export function removeAt(root: Json, path: Path): Json {
  const last = path.at(-1)
  const parentPath = path.slice(0, -1)
  const parent = getAt(root, parentPath)
  if (isList(parent)) {
    return setAt(
      root,
      parentPath,
      parent.filter((_, at) => at !== last),
    )
  }
  if (!isObject(parent) || last === undefined) return root
  const left = Object.fromEntries(Object.entries(parent).filter(([key]) => key !== String(last)))
  return setAt(root, parentPath, left)
}

/** As a document is shown: two spaces, and a line break at its end. */
export const formatJson = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`
