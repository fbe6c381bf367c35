import { Agent, type IncomingMessage, request } from "node:http";
import { AuditError } from "./auditError";

/** What an API server answered. */
export interface Answer {
  status: number;
  text: string;
  /** Seconds until it wants to be asked again. */
  retryAfter?: number;
}

/** Asks the API server for a path; rejects with an AuditError if the answer is incomplete. */
export type Ask = (path: string, accept?: string) => Promise<Answer>;

/** An API server, reached through a socket. */
export interface Api {
  ask: Ask;
  close(): void;
}

/** No page of a list that a cluster holds in earnest is longer, and a longer one would not fit into memory. */
export const longestAnswer = 64 * 1024 * 1024;

const silenceSeconds = 60;

/** Speaks to an API server through a Unix socket, as `kubectl proxy` opens one. Sends no credential: kubectl adds it. */
export function openApi(socketPath: string, longest = longestAnswer): Api {
  const agent = new Agent({ keepAlive: true });
  const ask: Ask = (path, accept = "application/json") =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, path, agent, headers: { accept, host: "localhost" } });
      sent.setTimeout(silenceSeconds * 1000, () => {
        sent.destroy(new AuditError(`the API server has said nothing for ${silenceSeconds} seconds.`));
      });
      sent.on("error", (error) => {
        reject(asAuditError(error));
      });
      sent.on("response", (response) => {
        wholeText(response, longest).then(
          (text) => {
            const retryAfter = Number(response.headers["retry-after"]);
            const { statusCode: status = 0 } = response;
            resolve({ status, text, ...(retryAfter > 0 && { retryAfter }) });
          },
          (error: unknown) => {
            sent.destroy();
            reject(asAuditError(error));
          },
        );
      });
      sent.end();
    });
  return {
    ask,
    close: () => {
      agent.destroy();
    },
  };
}

async function wholeText(response: IncomingMessage, longest: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longest) {
      throw new AuditError(`the API server's answer is longer than ${longest} bytes, so it was not read.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function asAuditError(error: unknown): AuditError {
  if (error instanceof AuditError) {
    return error;
  }
  const { code } = error as NodeJS.ErrnoException;
  return new AuditError(
    `the connection to the API server broke off (${code ?? "no reason given"}): try again.`,
  );
}
