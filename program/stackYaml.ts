import { parseAllDocuments } from "yaml";

/** A stack file that can't be read, with the place but never the text, which may be a password. */
export class StackYamlError extends Error {
  override readonly name = "StackYamlError";

  /** @param place such as `line 3, column 7` */
  constructor(readonly place: string) {
    super(`is not valid YAML: see ${place}.`);
  }
}

/** Go's YAML reads binary as text. */
const binary = {
  tag: "tag:yaml.org,2002:binary",
  resolve: (base64: string): string => Buffer.from(base64, "base64").toString(),
};

/** Go's YAML allows more aliases for larger files. */
const maxAliasCount = 10_000;

/**
 * The values of all documents of a stack file, of which Pulumi only reads the first. Handles merge keys, aliases, binary texts
 * and byte order marks as Go's YAML does.
 *
 * @throws StackYamlError with the place of the first error, but not its text
 */
export function readStackYaml(file: Buffer): unknown[] {
  const documents = parseAllDocuments(textOf(file), {
    merge: true,
    uniqueKeys: false,
    logLevel: "silent",
    customTags: [binary],
  });
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) {
    const [start] = error.linePos ?? [];
    throw new StackYamlError(start === undefined ? "its end" : `line ${start.line}, column ${start.col}`);
  }
  try {
    return documents.map((document) => document.toJS({ maxAliasCount }) as unknown);
  } catch {
    throw new StackYamlError("its aliases, one of which has no anchor before it, or far too many");
  }
}

function textOf(file: Buffer): string {
  const mark = file.subarray(0, 2).toString("hex");
  return new TextDecoder(mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8").decode(file);
}
