import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stoppable } from "./stopAtEnd";

/** A new directory that is removed with all that is in it at `stop`. */
export function temporaryDirectory(): Stoppable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), "private-registry-test-"));
  return { path, stop: () => rm(path, { recursive: true }) };
}
