/** Pieces that are set aside for buyers, by sale and buyer: whoever waited for one has it before all others. */
export type Aside = ReadonlyMap<string, ReadonlyMap<string, number>>

/** What is left of them while orders are given their pieces, one after the other. */
export class AsideLeft {
  readonly #aside: Aside
  readonly #used = new Map<string, number>()

  constructor(aside: Aside) {
    this.#aside = aside
  }

  /** Whether all of so many pieces can come from what is set aside for the buyer. */
  has(sale: string, buyer: string, quantity: number): boolean {
    const of = this.#aside.get(sale)?.get(buyer) ?? 0
    return of > 0 && quantity <= of - (this.#used.get(`${buyer} ${sale}`) ?? 0)
  }

  /** Takes them, if they can; says whether it did. */
  take(sale: string, buyer: string, quantity: number): boolean {
    if (!this.has(sale, buyer, quantity)) return false
    this.#used.set(`${buyer} ${sale}`, (this.#used.get(`${buyer} ${sale}`) ?? 0) + quantity)
    return true
  }
}
