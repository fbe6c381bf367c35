import { fork } from "node:child_process";
import { once } from "node:events";
import type { Side } from "./programs";

/** What a process measured about itself. */
export interface Measurement {
  seconds: number;
  /** Peak memory (resident set). */
  megabytes: number;
  /** A digest of what its program created, if anything. */
  manifests?: string;
}

/** This package's cost, as a multiple of the other side's. */
export interface Ratios {
  time: number;
  memory: number;
}

/** In a process started by `measure`: runs `work` and reports its cost, and what it created. */
export async function report(work: () => Promise<unknown>, manifests?: () => string): Promise<void> {
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.send?.({ seconds, megabytes, manifests: manifests?.() } satisfies Measurement);
}

/** Runs a script of this folder in its own process. */
export async function measure(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Measurement> {
  const child = fork(require.resolve(script), args, { env, stdio: ["ignore", 2, 2, "ipc"] });
  let measured: Measurement | undefined;
  child.once("message", (message) => (measured = message as Measurement));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0 || measured === undefined) {
    throw new Error(`${script} ${args.join(" ")} ended with ${String(code)} and has measured nothing`);
  }
  return measured;
}

/** Measures both sides in turn. This package goes first in every second pair, because the machine's load drifts. */
export async function measurePair(
  label: string,
  pair: number,
  measureSide: (side: Side) => Promise<Measurement>,
): Promise<Ratios> {
  const order: Side[] = pair % 2 === 0 ? ["package", "byHand"] : ["byHand", "package"];
  const sides = new Map<Side, Measurement>();
  for (const side of order) {
    sides.set(side, await measureSide(side));
  }
  const [ours, theirs] = [sides.get("package"), sides.get("byHand")];
  if (ours === undefined || theirs === undefined || ours.manifests !== theirs.manifests) {
    throw new Error(`${label}: the two programs have not made the same manifests`);
  }
  progress(`${label}, pair ${pair + 1}: ${shown(ours)}, by hand ${shown(theirs)}`);
  return { time: ours.seconds / theirs.seconds, memory: ours.megabytes / theirs.megabytes };
}

/** The medians of several pairs. */
export async function compare(
  label: string,
  pairs: number,
  measureSide: (side: Side) => Promise<Measurement>,
): Promise<Ratios> {
  const all: Ratios[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    all.push(await measurePair(label, pair, measureSide));
  }
  return medianRatios(all);
}

export function medianRatios(all: Ratios[]): Ratios {
  return { time: median(all.map(({ time }) => time)), memory: median(all.map(({ memory }) => memory)) };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return Math.round(((low + high) / 2) * 1000) / 1000;
}

export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

function shown({ seconds, megabytes }: Measurement): string {
  return `${seconds.toFixed(2)} s ${megabytes.toFixed(0)} MB`;
}
