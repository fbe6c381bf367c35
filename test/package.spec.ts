import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "..");

interface Manifest {
  main: string;
  scripts: Record<string, string>;
}

interface Lockfile {
  lockfileVersion: number;
  packages: Record<string, { integrity?: string; link?: boolean; resolved?: string }>;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}

/** All files below a folder of the repository, with paths from the root. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** A built module and all that it loads by a relative path, and so on. */
function modulesLoadedBy(path: string, found = new Set<string>()): Set<string> {
  if (!found.has(path)) {
    found.add(path);
    const text = readFileSync(join(root, path), "utf8");
    for (const [, target = ""] of text.matchAll(/(?:require|import)\("(\.[^"]*)"\)/g)) {
      modulesLoadedBy(`${join(dirname(path), target)}.js`, found);
    }
  }
  return found;
}

describe("the package that npm delivers", () => {
  let packed: string[];

  before(function () {
    this.timeout(120_000); // npm builds first
    const report = execFileSync("npm", ["pack", "--dry-run", "--json", "--silent"], {
      cwd: root,
      encoding: "utf8",
    });
    const [{ files }] = JSON.parse(report) as [{ files: { path: string }[] }];
    packed = files.map(({ path }) => path);
  });

  it("holds the components, what is built of them, what a plugin needs, and nothing else", () => {
    const rest = packed.filter((path) => !path.startsWith("dist/"));
    assert.deepEqual(
      rest.toSorted(),
      [
        ...filesBelow("components"),
        "CHANGELOG.md",
        "LICENSE",
        "PulumiPlugin.yaml",
        "README.md",
        "index.ts",
        "package.json",
        "tsconfig.json",
      ].toSorted(),
    );
  });

  it("holds every module that its main one loads, with types, and no other", () => {
    const { main } = readJson("package.json") as Manifest;
    const loaded = [...modulesLoadedBy(join(main))];
    assert.deepEqual(
      packed.filter((path) => path.startsWith("dist/")).toSorted(),
      loaded.flatMap((path) => [path, path.replace(/js$/, "d.ts")]).toSorted(),
      "What is more in dist/ is left over from an earlier build: rm -rf dist",
    );
  });

  it("loads what asks registries only when one is asked", () => {
    const script = "require('.'); console.log(JSON.stringify(Object.keys(require.cache)))";
    const output = execFileSync(process.execPath, ["--eval", script], { cwd: root, encoding: "utf8" });
    const early = /\/node_modules\/undici\/|\/internal\/registry\/(?!client|load)/;
    assert.deepEqual(
      (JSON.parse(output) as string[]).filter((path) => early.test(path)),
      [],
    );
  });

  it("refers to no source maps: what they point to is not in it", () => {
    const referring = packed.filter((path) =>
      readFileSync(join(root, path), "utf8").includes("sourceMapping"),
    );
    assert.deepEqual(referring, []);
  });

  it("runs nothing when it is installed", () => {
    const { scripts } = readJson("package.json") as Manifest;
    const run = ["preinstall", "install", "postinstall"].filter((name) => name in scripts);
    assert.deepEqual(run, []);
    assert.ok(!packed.includes("binding.gyp"), "npm would run node-gyp");
  });
});

for (const [file, least] of [
  ["package-lock.json", 300],
  ["test/mutation/package-lock.json", 200],
  ["offline/cli/package-lock.json", 0],
] as const) {
  describe(file, () => {
    const { lockfileVersion, packages } = readJson(file) as Lockfile;

    it("is of version 3", () => {
      assert.equal(lockfileVersion, 3);
    });

    it("has the SHA-512 of each package, and none from elsewhere than the registry", () => {
      const installed = Object.entries(packages).filter(([path]) => path !== "");
      assert.ok(installed.length > least);
      const unsure = installed
        .filter(([, { integrity, link, resolved }]) => {
          return integrity?.startsWith("sha512-") !== true || link === true || resolved !== undefined;
        })
        .map(([path]) => path);
      assert.deepEqual(unsure, []);
    });
  });
}
