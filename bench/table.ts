/** A figure as every benchmark reports it. */
export type Table = { title: string; rows: Record<string, string | number>[] }
