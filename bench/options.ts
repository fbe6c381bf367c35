import { parseArgs } from "node:util";

export const parts = ["mocks", "engine", "import", "preflight", "failures", "plugin", "audit"] as const;
export type Part = (typeof parts)[number];

export const usage = `npm run bench -- [--only PART]... [--count N]... [--pairs N] [--json]

Compares this package with a program by hand that ends in the same manifests, and its import with that of the bare SDKs.
Each figure is a multiple of what the other side takes: the median of several pairs of runs.

  --only PART   ${parts.join(", ")}; may be given several times; by default all
  --count N     number of Deployments; may be given several times; by default 100, 1000 and 3000
  --pairs N     pairs of runs; by default fewer for more Deployments
  --json        prints one object; progress is on standard error in any case`;

/** What to measure and how to print it. */
export interface Options {
  parts: Part[];
  /** Numbers of Deployments. */
  counts: number[];
  /** Undefined for each part's default. */
  pairs?: number;
  json: boolean;
}

/**
 * Reads the command line; undefined if help was requested.
 *
 * @throws Error for an unknown option or a value that is not allowed
 */
export function parseOptions(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string", multiple: true, default: [...parts] },
      count: { type: "string", multiple: true, default: ["100", "1000", "3000"] },
      pairs: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  return {
    parts: values.only.map(part),
    counts: values.count.map((text) => positive("count", text)),
    pairs: values.pairs === undefined ? undefined : positive("pairs", values.pairs),
    json: values.json,
  };
}

function part(text: string): Part {
  const found = parts.find((name) => name === text);
  if (found === undefined) {
    throw new Error(`--only ${text}: give one of ${parts.join(", ")}.`);
  }
  return found;
}

function positive(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) {
    throw new Error(`--${option} ${text}: give a whole number from 1.`);
  }
  return Number(text);
}
