import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'
import type { Chance } from '../../platform/time/chance.js'
import { KILL_POINTS } from './kill-point.js'
import type { Answer, Question } from './questions.js'

/** A question without its number. */
export type Asked = Question extends infer One ? (One extends Question ? Omit<One, 'id'> : never) : never

/** The answer, the refusal's code, or null: the process died and nobody knows what became of it. */
export type Said = { readonly answer: string } | { readonly refusal: string } | null

/** How many are killed in all, and how many answers are given between two killings from outside. */
export interface Killing {
  readonly most: number
  readonly everyAnswers: number
}

/** The shop's processes, which die and are begun again. By answers and not by time, so that a slow machine kills as often. */
export class Processes {
  readonly #env: NodeJS.ProcessEnv
  readonly #chance: Chance
  readonly #living: Living[] = []
  readonly #killing: Killing
  #calm = false
  #kills = 0
  #answers = 0

  constructor(env: NodeJS.ProcessEnv, chance: Chance, killing: Killing) {
    this.#env = env
    this.#chance = chance
    this.#killing = killing
  }

  get kills(): number {
    return this.#kills
  }

  async begin(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#one()))
  }

  /** Asks one of those that live, or waits until one does. */
  async ask(question: Asked): Promise<Said> {
    while (this.#living.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const at = Math.floor(this.#chance.fraction() * this.#living.length)
    const said = (await this.#living[at]?.ask(question)) ?? null
    if (said !== null && ++this.#answers % this.#killing.everyAnswers === 0 && this.#mayKill()) this.#killOne()
    return said
  }

  #mayKill(): boolean {
    return !this.#calm && this.#kills < this.#killing.most
  }

  /** Kills one of those that live; another one is begun in its place. */
  #killOne(): void {
    this.#living[Math.floor(this.#chance.fraction() * this.#living.length)]?.kill()
  }

  /** From now on nobody dies who is begun; whoever carries a deadly point is killed now. */
  async calm(): Promise<void> {
    this.#calm = true
    for (const one of this.#living.filter(({ isDeadly }) => isDeadly)) one.kill()
    do await new Promise((resolve) => setTimeout(resolve, 50))
    while (this.#living.length === 0 || this.#living.some(({ isDeadly }) => isDeadly))
  }

  /** Lets all of them end in peace. */
  async close(): Promise<void> {
    this.#calm = true
    await Promise.all(this.#living.splice(0).map((one) => one.close()))
  }

  async #one(): Promise<void> {
    const point = this.#mayKill()
      ? (KILL_POINTS[Math.floor(this.#chance.fraction() * KILL_POINTS.length)] ?? 'none')
      : 'none'
    const nth = 1 + Math.floor(this.#chance.fraction() * 12)
    const one = new Living({ ...this.#env, KILL_POINT: point, KILL_AT: String(nth) }, point !== 'none')
    const isReady = await one.ready
    if (isReady) this.#living.push(one)
    void one.gone.then(() => {
      const at = this.#living.indexOf(one)
      if (at === -1 && isReady) return // it ended in peace
      if (at !== -1) this.#living.splice(at, 1)
      this.#kills++
      void this.#one()
    })
  }
}

class Living {
  readonly isDeadly: boolean
  readonly ready: Promise<boolean>
  readonly gone: Promise<void>
  readonly #child: ChildProcess
  readonly #asked = new Map<number, (said: Said) => void>()
  #last = 0

  constructor(env: NodeJS.ProcessEnv, isDeadly: boolean) {
    this.isDeadly = isDeadly
    this.#child = fork(join(projectRoot(), 'dist/test/kill/shop-process.js'), {
      cwd: projectRoot(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.gone = new Promise((resolve) => {
      this.#child.once('exit', () => {
        for (const answer of this.#asked.values()) answer(null)
        this.#asked.clear()
        resolve()
      })
    })
    this.ready = Promise.race([
      new Promise<boolean>((resolve) => this.#asked.set(0, (said) => resolve(said !== null))),
      this.gone.then(() => false),
    ])
    this.#child.on('message', (answer: Answer) => {
      this.#asked.get(answer.id)?.(answer)
      this.#asked.delete(answer.id)
    })
  }

  ask(question: Asked): Promise<Said> {
    const id = ++this.#last
    return new Promise((resolve) => {
      if (!this.#child.connected) {
        resolve(null)
        return
      }
      this.#asked.set(id, resolve)
      this.#child.send({ ...question, id }, (error) => {
        if (error !== null) resolve(null)
      })
    })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async close(): Promise<void> {
    await this.ask({ deed: 'close' })
    this.#child.disconnect()
    await this.gone
  }
}
