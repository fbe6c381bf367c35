import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An object as an API server lists it: without apiVersion and kind. */
export type ApiObject = { metadata: { name: string; namespace: string; uid?: string } } & Record<
  string,
  unknown
>;

/** The objects of a cluster by the plural of their kind. */
export type ApiObjects = Record<string, ApiObject[]>;

/** Says something else than the API server would; false leaves it to the API server. */
export type Interference = (request: IncomingMessage, response: ServerResponse) => boolean;

/** An API server of a test's own. */
export interface ApiServer {
  socketPath: string;
  /** Paths with queries, in order. */
  asked: string[];
  stop(): Promise<void>;
}

const groups = ["/api/v1", "/apis/apps/v1", "/apis/batch/v1"];

/** Answers as an API server with these objects does: lists in pages, Tables, field selectors on `type`. */
export function apiListener(objects: ApiObjects): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (url.pathname === "/version") {
      reply(200, { major: "1", minor: "36" });
      return;
    }
    const [, group = "", , namespace, resource = ""] =
      /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(\/namespaces\/([^/]+))?\/([a-z]+)$/.exec(url.pathname) ?? [];
    if (!groups.includes(group)) {
      response.writeHead(404).end("404 page not found\n");
      return;
    }
    const [, type] = /^type=(.*)$/.exec(url.searchParams.get("fieldSelector") ?? "") ?? [];
    const items = (objects[resource] ?? []).filter(
      (item) =>
        (namespace === undefined || item.metadata.namespace === namespace) &&
        (type === undefined || item["type"] === type),
    );
    const start = Number(url.searchParams.get("continue") ?? "0");
    const end = start + Number(url.searchParams.get("limit"));
    const metadata = end < items.length ? { continue: String(end) } : {};
    const page = items.slice(start, end);
    reply(
      200,
      request.headers.accept?.includes("as=Table") === true
        ? {
            kind: "Table",
            metadata,
            columnDefinitions: [{ name: "Name" }, { name: "Type" }, { name: "Data" }],
            rows: page.map((item) => ({
              cells: [item.metadata.name, item["type"], 1],
              object: { metadata: item.metadata },
            })),
          }
        : { kind: "List", metadata, items: page },
    );
  };
}

/** Starts an API server on a Unix socket, as `kubectl proxy` has one. */
export async function startApiServer(objects: ApiObjects, interfere?: Interference): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), "kpr-api-"));
  const socketPath = join(folder, "api");
  const asked: string[] = [];
  const answer = apiListener(objects);
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (interfere?.(request, response) !== true) {
      answer(request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
