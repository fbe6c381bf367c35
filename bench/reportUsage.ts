import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a process has taken: seconds of a processor, and the peak of its memory. */
export interface Usage {
  seconds: number;
  megabytes: number;
}

// Preloaded into all processes of Node.js below a CLI: those that run a program or a plugin write what they take.
const { BENCH_USAGE } = process.env;

if (BENCH_USAGE !== undefined && /@pulumi[\\/]pulumi[\\/]cmd[\\/]run/.test(process.argv[1] ?? "")) {
  const write = (): void => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage: Usage = { seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
    writeFileSync(join(BENCH_USAGE, String(process.pid)), JSON.stringify(usage));
  };
  // A plugin is killed, without an exit.
  setInterval(write, 50).unref();
  process.once("exit", write);
}
