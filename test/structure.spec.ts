import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..");
const files = ["audit", "commands", "components", "program", "plugin", "policy", "testing"].flatMap(
  (folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(root, folder, file)),
);

/** The files that a file imports, types included, or requires. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => join(dirname(file), fileName))
    .flatMap((path) => [`${path}.ts`, join(path, "index.ts")].filter((found) => existsSync(found)));
}

/** The files of a circle that can be reached from a file, which is one of them. */
function circleAt(file: string, imports: ReadonlyMap<string, string[]>): string[] {
  const reached = new Map<string, string | undefined>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const imported of imports.get(next) ?? []) {
      if (imported === file) {
        const circle = [next];
        for (let before = reached.get(next); before !== undefined; before = reached.get(before)) {
          circle.unshift(before);
        }
        return circle;
      }
      if (!reached.has(imported)) {
        reached.set(imported, next === file ? undefined : next);
        waiting.push(imported);
      }
    }
  }
  return [];
}

describe("the source", () => {
  it("has no files that import each other in a circle", () => {
    const imports = new Map(files.map((file) => [file, importsOf(file)]));
    assert.ok(imports.get(join(root, "components/index.ts"))?.includes(join(root, "components/args.ts")));
    const circles = files.map((file) => circleAt(file, imports).map((found) => relative(root, found)));
    assert.deepEqual(
      circles.filter((circle) => circle.length > 0),
      [],
    );
  });

  it("has no file above 200 lines", () => {
    const long = files.filter((file) => readFileSync(file, "utf8").split("\n").length > 201);
    assert.deepEqual(
      long.map((file) => relative(root, file)),
      [],
    );
  });
});
