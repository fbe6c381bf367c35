import type * as undici from "undici";

// Under this name Bun loads the package instead of its own partial undici.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the package's types lack this name
const loaded = require("undici/index.js") as typeof undici;

export const { Agent, buildConnector, Pool, ProxyAgent, request } = loaded;
