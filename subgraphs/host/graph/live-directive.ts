/** Marks a type or a field that depends on who asks: what watches it is asked in the asker's own name, and shared with nobody else. */
export const PERSONAL = '@live(personal: true)'
