/** A request id that a caller sent, when it is harmless; null when there is none, or it is not. */
export function requestId(sent: string | string[] | undefined): string | null {
  return typeof sent === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(sent) ? sent : null
}
