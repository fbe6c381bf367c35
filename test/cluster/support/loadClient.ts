/**
 * A process of its own, so that nothing else slows it down: requests at a steady rate, whether answers come or not,
 * each over a new connection, so that the Service sends each to a pod anew.
 */
import { request } from "node:http";

/** What the client tells when it is told to stop. */
export interface LoadReport {
  readonly requests: number;
  /** What went wrong with a request, one line for each. */
  readonly failures: string[];
  readonly slowestMs: number;
  /** The pods that answered. */
  readonly pods: string[];
}

const [url = "", rate = ""] = process.argv.slice(2);
const started = performance.now();
const failures: string[] = [];
const pods = new Set<string>();
let requests = 0;
let answered = 0;
let slowestMs = 0;

function ask(): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, timeout: 10_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("error", reject).on("end", () => {
        const pod = /^hello \S+ from (\S+)\n$/.exec(body)?.[1];
        if (response.statusCode === 200 && pod !== undefined) {
          resolve(pod);
        } else {
          reject(new Error(`HTTP ${response.statusCode ?? ""}: ${body}`));
        }
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer for 10 s")));
    sent.on("error", reject).end();
  });
}

async function send(): Promise<void> {
  const begin = performance.now();
  requests++;
  try {
    pods.add(await ask());
  } catch (error) {
    failures.push(`${new Date().toISOString()} ${String(error)}`);
  }
  slowestMs = Math.max(slowestMs, Math.round(performance.now() - begin));
  answered++;
}

const timer = setInterval(() => {
  const due = ((performance.now() - started) / 1000) * Number(rate);
  while (requests < due) {
    void send();
  }
}, 5);
process.send?.("started");

process.once("message", () => {
  clearInterval(timer);
  const report = setInterval(() => {
    if (answered === requests) {
      clearInterval(report);
      process.send?.({ requests, failures, slowestMs, pods: [...pods] } satisfies LoadReport);
      process.disconnect();
    }
  }, 5);
});

// Also when the test's process has ended before.
process.once("disconnect", () => process.exit());
