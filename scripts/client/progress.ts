import { Presets, SingleBar } from 'cli-progress'

/** A bar on the terminal; where there is none, nothing is drawn. */
export interface Progress {
  begin(total: number): void
  add(count: number): void
  stop(): void
}

/** Draws on stderr, so that what a script says may go into a file. */
export function progress(unit: string): Progress {
  const format = `{bar} {percentage}% | {value}/{total} ${unit} | {eta_formatted} left`
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic)
  return {
    begin: (total) => bar.start(total, 0),
    add: (count) => bar.increment(count),
    stop: () => bar.stop(),
  }
}
