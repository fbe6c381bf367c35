import { openApi } from "../audit/api";
import { auditCluster } from "../audit/auditCluster";
import { jsonReport } from "../audit/report";
import { report } from "./measure";

/** Runs in its own process: the audit of a cluster behind a socket, without kubectl in between. */
async function main(socketPath: string): Promise<void> {
  const api = openApi(socketPath);
  await report(async () => {
    const found = await auditCluster(api.ask, {
      secrets: true,
      verify: false,
      providers: [],
      serversWithoutSecret: [],
    });
    if (found.findings.length > 0 || found.unread.length > 0 || found.counts.pods !== 5000) {
      throw new Error(`the audit has found something: ${jsonReport(found).slice(0, 500)}`);
    }
  });
  api.close();
}

const [socketPath = ""] = process.argv.slice(2);
void main(socketPath);
