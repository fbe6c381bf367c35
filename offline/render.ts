import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { getString, type Properties } from "./values";

/** The file of an object, with the same name as in the official provider. */
export function renderPath(directory: string, object: Properties): string {
  const apiVersion = getString(object, "apiVersion").replace(/[/:]/g, "_");
  const kind = getString(object, "kind").toLowerCase();
  const namespace = getString(object, "metadata", "namespace") || "default";
  const name = getString(object, "metadata", "name");
  return join(directory, "1-manifest", `${apiVersion}-${kind}-${namespace}-${name}.yaml`);
}

/** Writes an object for `kubectl apply`. Only the owner may read the file, because Secrets are in clear text. */
export async function render(directory: string, object: Properties): Promise<void> {
  const path = renderPath(directory, object);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, stringify(object, { sortMapEntries: true, lineWidth: 0, indentSeq: false }), {
    mode: 0o600,
  });
}

export async function removeRendered(directory: string, object: Properties): Promise<void> {
  await rm(renderPath(directory, object), { force: true });
}
