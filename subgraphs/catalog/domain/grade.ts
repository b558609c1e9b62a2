/** How good a thing was found to be, from the best down. */
export const GRADES = ['S', 'A', 'B', 'C', 'D'] as const
export type Grade = (typeof GRADES)[number]
