import { setTimeout as sleep } from "node:timers/promises";
import { createSecureContext, rootCertificates } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import type { Answer } from "../../lib/registry/answer";
import type { Asked } from "../../lib/registry/asked";
import { connectionFailure, isTransient } from "../../lib/registry/connectionFailures";
import { PreflightError } from "../../lib/registry/preflightError";

/** One request of a check. */
export interface Request {
  method: "GET" | "HEAD";
  url: URL;
  headers: Record<string, string>;
  /** Bytes of the body to keep. */
  bodyLimit: number;
  /** Ends the request and its retries. */
  signal: AbortSignal;
  asked: Asked;
}

/** Sends requests over kept-alive connections. */
export interface Transport {
  /**
   * The answer, whatever its status, after up to two retries of a network fault or a 5xx.
   *
   * @throws PreflightError when there is no answer; the signal's reason when it is aborted.
   */
  send(request: Request): Promise<Answer>;
  /** Drops every connection and every request under way. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Connections to one host at most. */
  connections: number;
  /** PEM, trusted beside Node's own CAs. */
  caBundle?: string;
  connectTimeoutSeconds: number;
}

const retryDelays = [200, 800];

/** A transport that goes through the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, as containerd does. */
export function openTransport(options: TransportOptions): Transport {
  const tls = options.caBundle === undefined ? {} : { secureContext: trusting(options.caBundle) };
  const dispatcher = new EnvHttpProxyAgent({
    connections: options.connections,
    connect: { ...tls, timeout: options.connectTimeoutSeconds * 1000 },
    requestTls: tls,
  });
  return {
    send: (wanted) => sendWithRetries(wanted, () => request(wanted.url, requestOptions(wanted, dispatcher))),
    close: () => dispatcher.destroy(),
  };
}

function trusting(caBundle: string): ReturnType<typeof createSecureContext> {
  return createSecureContext({ ca: [...rootCertificates, caBundle] });
}

function requestOptions({ method, headers, signal }: Request, dispatcher: Dispatcher) {
  // Without `reset: false` undici closes the connection after every HEAD.
  return { method, headers, signal, dispatcher, reset: false };
}

async function sendWithRetries(
  wanted: Request,
  attempt: () => Promise<Dispatcher.ResponseData>,
): Promise<Answer> {
  for (const delay of retryDelays) {
    const outcome = await tryOnce(wanted, attempt);
    const isFinal = outcome instanceof PreflightError ? !isTransient(outcome) : outcome.status < 500;
    if (isFinal) {
      return answerOf(outcome);
    }
    await sleep(delay, undefined, { signal: wanted.signal });
  }
  return answerOf(await tryOnce(wanted, attempt));
}

function answerOf(outcome: Answer | PreflightError): Answer {
  if (outcome instanceof PreflightError) {
    throw outcome;
  }
  return outcome;
}

async function tryOnce(
  { asked, bodyLimit, signal }: Request,
  attempt: () => Promise<Dispatcher.ResponseData>,
): Promise<Answer | PreflightError> {
  try {
    const { statusCode, headers, body } = await attempt();
    return { status: statusCode, headers, ...(await readUpTo(bodyLimit, body)) };
  } catch (error) {
    signal.throwIfAborted();
    return connectionFailure(asked, codeOf(error));
  }
}

async function readUpTo(
  limit: number,
  stream: AsyncIterable<Buffer>,
): Promise<Pick<Answer, "body" | "truncated">> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) {
      break;
    }
  }
  return { body: Buffer.concat(chunks).subarray(0, limit), truncated: size > limit };
}

/** Nothing else of the error is kept: it may hold what the server sent, and the server may repeat the password. */
function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}
