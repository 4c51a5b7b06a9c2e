/** Times as the venue writes them: RFC 3339, with more digits in some places than in others. */
export const micros = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, -1)}000Z`
export const nanos = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, -1)}000000Z`
export const millis = (atMs: number): string => new Date(atMs).toISOString()
/** What stands where there is no time. */
export const NO_TIME = '0001-01-01T00:00:00Z'
