/** A period of PLUS goes on from where the last one ends, or from now when there is none: periods add up. */
export function plusAfter(until: Date | null, now: Date, years: number): { readonly from: Date; readonly until: Date } {
  const from = until !== null && until > now ? until : now
  const end = new Date(from)
  end.setUTCFullYear(end.getUTCFullYear() + years)
  return { from, until: end }
}
