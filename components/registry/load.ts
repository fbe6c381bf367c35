import type * as checks from "./checks";
import type * as preflight from "./runChecks";
import type * as session from "./session";

/* eslint-disable @typescript-eslint/no-require-imports -- `import()` is left to Node, which finds no .ts file when ts-node runs a program */

export type Client = typeof checks & typeof preflight & typeof session;

/** Loads the registry client on first use: it is a third of this package's modules, and most programs never need it. */
export function loadClient(): Client {
  return {
    ...(require("./checks") as typeof checks),
    ...(require("./runChecks") as typeof preflight),
    ...(require("./session") as typeof session),
  };
}
