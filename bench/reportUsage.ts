import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The cost of a process: seconds of CPU time, and peak memory. */
export interface Usage {
  seconds: number;
  megabytes: number;
}

// Preloaded into all Node.js processes under a CLI. Those that run a program or a plugin write their cost.
const { BENCH_USAGE } = process.env;

if (BENCH_USAGE !== undefined && /@pulumi[\\/]pulumi[\\/]cmd[\\/]run/.test(process.argv[1] ?? "")) {
  const write = (): void => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage: Usage = { seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
    writeFileSync(join(BENCH_USAGE, String(process.pid)), JSON.stringify(usage));
  };
  // A plugin is killed and has no exit event.
  setInterval(write, 50).unref();
  process.once("exit", write);
}
