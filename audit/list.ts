import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import type { Answer, Ask } from "./api";
import { AuditError } from "./auditError";
import { refusal } from "./refusals";

/** Objects in one answer, as kubectl asks for. */
const pageSize = 500;

/** No cluster has more pages than this: five million objects. */
const mostPages = 10_000;

/** How often a list begins again after its continue token has expired. */
const mostStarts = 3;

const mostTries = 4;
const longestPause = 10;

/** One list to read, page by page. */
export interface ListRequest<T> {
  path: string;
  /** Further parameters of the query. */
  query?: Record<string, string>;
  accept?: string;
  /** What to keep of a page; throws nothing. */
  read: (page: Record<string, unknown>) => T[];
  /** Told of each page. */
  onPage?: (items: number) => void;
  /** Waits a number of seconds; of tests. */
  pause?: (seconds: number) => Promise<unknown>;
}

/**
 * Reads a whole list. Where its continue token expires (410 Gone), the list begins again.
 *
 * @throws AuditError that says why it could not be read
 */
export async function readList<T>(ask: Ask, list: ListRequest<T>): Promise<T[]> {
  for (let start = 1; start <= mostStarts; start++) {
    const items = await readPages(ask, list);
    if (items !== undefined) {
      return items;
    }
  }
  throw new AuditError(
    `its continue token expired (410) at each of ${mostStarts} attempts: try again when the API server is less busy.`,
  );
}

/** Undefined if the continue token has expired. */
async function readPages<T>(ask: Ask, list: ListRequest<T>): Promise<T[] | undefined> {
  const items: T[] = [];
  const tokens = new Set<string>();
  let token = "";
  for (let page = 1; page <= mostPages; page++) {
    const answer = await askForPage(ask, list, token);
    if (answer.status === 410 && token !== "") {
      return undefined;
    }
    const body = pageIn(answer);
    const read = list.read(body);
    items.push(...read);
    list.onPage?.(read.length);
    token = continueToken(body);
    if (token === "") {
      return items;
    }
    if (tokens.has(token)) {
      throw new AuditError("the API server repeats a continue token, so its list never ends.");
    }
    tokens.add(token);
  }
  throw new AuditError(`its list has more than ${mostPages} pages.`);
}

async function askForPage<T>(ask: Ask, list: ListRequest<T>, token: string): Promise<Answer> {
  const { path, query, accept, pause = (seconds) => sleep(seconds * 1000) } = list;
  const parameters = new URLSearchParams({
    ...query,
    limit: String(pageSize),
    ...(token !== "" && { continue: token }),
  });
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(`${path}?${parameters.toString()}`, accept);
    const isBusy = answer.retryAfter !== undefined && (answer.status === 429 || answer.status >= 500);
    if (!isBusy || attempt === mostTries) {
      return answer;
    }
    await pause(Math.min(answer.retryAfter ?? 1, longestPause));
  }
}

function pageIn(answer: Answer): Record<string, unknown> {
  if (answer.status !== 200) {
    throw new AuditError(refusal(answer), answer.status);
  }
  const body = parsed(answer.text);
  if (!isObject(body) || !(Array.isArray(body["items"]) || Array.isArray(body["rows"]))) {
    throw new AuditError("the API server answered with something that is not a list.");
  }
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the text, which may be a Secret's.
    throw new AuditError(`the API server's answer is not JSON (${messageOf((error as Error).name)}).`);
  }
}

function continueToken({ metadata }: Record<string, unknown>): string {
  const token = isObject(metadata) ? metadata["continue"] : undefined;
  return typeof token === "string" ? token : "";
}
