import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The rows of a file in test/vectors that holds one JSON object a line, which may hold U+2028. */
export function readVectors<Row>(file: string): Row[] {
  return readVectorFile(file)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

/** The text of a file in test/vectors. */
export function readVectorFile(file: string): string {
  return readFileSync(join(__dirname, "../../vectors", file), "utf8");
}
