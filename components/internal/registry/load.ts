import type * as checks from "./checks";
import type * as preflight from "./preflight";
import type * as session from "./session";

/* eslint-disable @typescript-eslint/no-require-imports -- `import()` of a file can't be of a TypeScript source everywhere */

/** What asks registries: a third of this package's modules, which most programs never need, and so not loaded before. */
export function loadClient(): typeof checks & typeof preflight & typeof session {
  return {
    ...(require("./checks") as typeof checks),
    ...(require("./preflight") as typeof preflight),
    ...(require("./session") as typeof session),
  };
}
