import { setFlagsFromString } from 'node:v8'

/**
 * How V8 collects in a process that serves. The heap may double before it is collected; by itself V8 lets it grow fourfold on a machine
 * with much memory. It costs a twentieth of the processor's time, and at 500 connections a fifth less stays resident (bench/gateway, `heavy`).
 *
 * Where no core is left for V8's marking threads, the marking is done in small steps by the thread that makes the objects: beside a loop
 * that has one core, those threads take half of it for as long as they mark. While 10,000 subscribe at once, the loop was 166 to 298 ms late
 * with them, and 40 to 94 ms without (`npm run soak:live`, six rounds in turn).
 */
export function tuneCollector({ cores, workers }: { readonly cores: number; readonly workers: number }): void {
  setFlagsFromString('--heap-growing-percent=100')
  if (cores <= workers) setFlagsFromString('--no-concurrent-marking')
}
