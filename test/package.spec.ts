import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(__dirname, "..");

interface Manifest {
  main: string;
  version: string;
  bin: Record<string, string>;
  exports: Record<"." | "./testing", { default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  scripts: Record<string, string>;
}

interface PolicyManifest {
  main: string;
  version: string;
  dependencies: Record<string, string>;
}

interface Lockfile {
  lockfileVersion: number;
  packages: Record<string, { integrity?: string; link?: boolean; resolved?: string }>;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}

/** A built module and all that it loads by a relative path, and so on. */
function modulesLoadedBy(path: string, found = new Set<string>()): Set<string> {
  if (!found.has(path)) {
    found.add(path);
    const text = readFileSync(join(root, path), "utf8");
    for (const [, target = ""] of text.matchAll(/(?:require|import)\("(\.[^"]*)"\)/g)) {
      modulesLoadedBy(relative(root, require.resolve(join(root, dirname(path), target))), found);
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

  it("holds what is built of the components, their plugin, the commands, the helpers for tests and the policy pack, and nothing else", () => {
    const rest = packed.filter((path) => !/^(policy\/)?dist\//.test(path));
    assert.deepEqual(
      rest.toSorted(),
      [
        "CHANGELOG.md",
        "LICENSE",
        "PulumiPlugin.yaml",
        "README.md",
        "package.json",
        "policy/PulumiPolicy.yaml",
        "policy/package.json",
      ].toSorted(),
    );
  });

  it("holds every module that the plugin, the components, the commands and the helpers for tests load, with types, and no other", () => {
    const { main, bin, exports } = readJson("package.json") as Manifest;
    const loaded = new Set<string>();
    const { ".": components, "./testing": testing } = exports;
    const entries = [main, components.default, testing.default, ...Object.values(bin)];
    for (const path of entries) {
      modulesLoadedBy(join(path), loaded);
    }
    const files = [...loaded].flatMap((path) =>
      path.endsWith(".json") ? [path] : [path, path.replace(/js$/, "d.ts")],
    );
    assert.deepEqual(
      packed.filter((path) => path.startsWith("dist/")).toSorted(),
      files.toSorted(),
      "What is more in dist/ is left over from an earlier build: rm -rf dist",
    );
  });

  it("holds every module that the policy pack loads, which needs the dependencies of its package alone", () => {
    const { main, version, dependencies } = readJson("policy/package.json") as PolicyManifest;
    const loaded = [...modulesLoadedBy(join("policy", main))];
    assert.deepEqual(
      loaded.filter((path) => !packed.includes(path) || !path.startsWith("policy/dist/")),
      [],
    );
    const required = loaded.flatMap((path) =>
      [...readFileSync(join(root, path), "utf8").matchAll(/require\("([^."][^"]*)"\)/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !name.startsWith("node:")),
    );
    const own = readJson("package.json") as Manifest;
    const needed = Object.fromEntries(
      [...required, "@pulumi/pulumi"].map((name) => [
        name,
        own.peerDependencies[name] ?? own.dependencies[name],
      ]),
    );
    assert.deepEqual([version, dependencies], [own.version, needed]);
  });

  it("serves the committed schema as the plugin", () => {
    const { main } = readJson("package.json") as Manifest;
    const served = join(root, dirname(main), "schema.json");
    assert.deepEqual(JSON.parse(readFileSync(served, "utf8")), readJson("plugin/schema.json"));
  });

  it("loads what asks registries only when one is asked, and nothing of the commands", () => {
    const script =
      "require('kubernetes-private-registry'); console.log(JSON.stringify(Object.keys(require.cache)))";
    const output = execFileSync(process.execPath, ["--eval", script], { cwd: root, encoding: "utf8" });
    const early =
      /\/node_modules\/(undici|yaml|read)\/|\/internal\/registry\/(?!client|load)|\/dist\/(audit|commands|program)\//;
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
  ["test/installers/package-lock.json", 20],
  ["test/clouds/package-lock.json", 100],
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
