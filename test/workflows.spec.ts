import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { temporaryDirectory } from "./support/runner/temporaryDirectory";

const github = resolve(__dirname, "../.github");

interface Job {
  permissions?: Record<string, string>;
  environment?: string;
  needs?: string;
  uses?: string;
  strategy?: { matrix: Record<string, string[]> };
  steps?: { name?: string; uses?: string; run?: string; with?: Record<string, unknown> }[];
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

function read(file: string): string {
  return readFileSync(join(github, file), "utf8");
}

const files = readdirSync(join(github, "workflows"));
const workflows = new Map(files.map((file) => [file, parse(read(join("workflows", file))) as Workflow]));

describe("workflows", () => {
  it("are ci and release", () => {
    assert.deepEqual(files.toSorted(), ["ci.yml", "release.yml"]);
  });

  it("pin each action to one commit, with its version beside it", () => {
    const used = files
      .flatMap((file) => [...read(join("workflows", file)).matchAll(/uses: (.*)/g)])
      .map(([, action = ""]) => action)
      .filter((action) => !action.startsWith("./"));
    assert.ok(used.length > 5);
    assert.deepEqual(
      used.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action)),
      [],
    );
    const names = new Set(used.map((action) => action.replace(/@.*/, "")));
    assert.equal(new Set(used).size, names.size, "one action at two commits");
  });

  it("may only read; the jobs that publish may also sign in, and one of them write the site", () => {
    const more = [...workflows].flatMap(([file, { permissions, jobs }]) => {
      assert.deepEqual(permissions, { contents: "read" }, file);
      return Object.entries(jobs)
        .filter(([, job]) => job.permissions)
        .map(([name, job]) => [file, name, job.permissions]);
    });
    assert.deepEqual(more, [
      ["release.yml", "publish", { contents: "read", "id-token": "write" }],
      ["release.yml", "site", { contents: "read", pages: "write", "id-token": "write" }],
    ]);
  });

  it("leave no token in the checkout", () => {
    const checkouts = [...workflows.values()]
      .flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps = [] }) => steps))
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    assert.ok(checkouts.length > 0);
    assert.ok(checkouts.every((step) => step.with?.["persist-credentials"] === false));
  });
});

/** What the jobs of ci.yml run, in order; once for each value of a job's matrix. */
function runBy(jobs: Record<string, Job>): string[] {
  return Object.values(jobs).flatMap(({ steps = [], strategy }) => {
    const commands = steps.flatMap(({ name, run }) => (run === undefined ? [] : [name ?? run]));
    return Object.entries(strategy?.matrix ?? { "": [""] }).flatMap(([key, values]) =>
      values.flatMap((value) =>
        commands.map((command) => command.replaceAll(`\${{ matrix.${key} }}`, value)),
      ),
    );
  });
}

/** Runs .ci/run with a `make` that passes tests, or fails at one target. */
function ciRun(failing = "none"): { status: number | null; lines: string[]; targets: string[] } {
  const directory = temporaryDirectory();
  const calls = join(directory.path, "calls");
  writeFileSync(
    join(directory.path, "make"),
    `#!/bin/sh\necho "$*" >>${calls}\n[ "$1" != ${failing} ] || exit 3\ncase $1 in test|e2e) echo '2 passed, 0 failed' ;; esac\n`,
    { mode: 0o755 },
  );
  const { status, stdout } = spawnSync(resolve(github, "../.ci/run"), {
    env: { ...process.env, PATH: [directory.path, process.env["PATH"]].join(delimiter) },
    encoding: "utf8",
  });
  const targets = readFileSync(calls, "utf8").trimEnd().split("\n");
  void directory.stop();
  return { status, lines: stdout.trimEnd().split("\n"), targets };
}

describe("the ci workflow and .ci/run", () => {
  const onlyWorkflow = {
    jobs: ["audit", "mutation"],
    steps: [
      "what make installs as root",
      "htpasswd",
      "private registries for kind",
      "is kind what the tests rely on?",
    ],
  };
  // The cluster of the workflow, kind, ends with its machine.
  const onlyCi = ["cluster-down"];

  it("run the same, but for what is named here", () => {
    const { jobs = {} } = workflows.get("ci.yml") ?? {};
    const { targets } = ciRun();
    const shared = Object.entries(jobs).filter(([job]) => !onlyWorkflow.jobs.includes(job));
    assert.equal(shared.length, Object.keys(jobs).length - onlyWorkflow.jobs.length);
    const run = runBy(Object.fromEntries(shared));
    assert.deepEqual(
      run.filter((step) => !onlyWorkflow.steps.includes(step)),
      targets.filter((target) => !onlyCi.includes(target)).map((target) => `make ${target}`),
    );
    assert.deepEqual(
      [...new Set(run.filter((step) => onlyWorkflow.steps.includes(step)))],
      onlyWorkflow.steps,
    );
    assert.deepEqual(targets.slice(-onlyCi.length), onlyCi);
  });

  it("begin with the oldest Node that is supported, from which the other line follows", () => {
    const { jobs = {} } = workflows.get("ci.yml") ?? {};
    const { engines } = JSON.parse(readFileSync(join(github, "../package.json"), "utf8")) as {
      engines: { node: string };
    };
    for (const job of ["up", "test"]) {
      const node = jobs[job]?.steps?.find(({ uses }) => uses?.startsWith("actions/setup-node@"));
      assert.equal(`>=${String(node?.with?.["node-version"])}.0`, engines.node, job);
    }
  });
});

describe(".ci/run", () => {
  it("ends with how many tests passed", () => {
    const { status, lines } = ciRun();
    assert.equal(status, 0);
    assert.deepEqual(lines.slice(-2), ["make test: 2 passed, 0 failed", "make e2e: 2 passed, 0 failed"]);
    assert.match(lines.at(-3) ?? "", /^ +\d+ s {2}make cluster-down$/);
  });

  it("stops where a step fails, with its exit code", () => {
    const { status, lines, targets } = ciRun("test-other-node");
    assert.equal(status, 3);
    assert.deepEqual(targets, ["up", "up", "destroy", "test", "test-other-node"]);
    assert.match(lines.at(-2) ?? "", /^ +\d+ s {2}make test-other-node$/);
  });

  it("fails where the cluster can't be ended", () => {
    assert.equal(ciRun("cluster-down").status, 3);
  });

  it("ends the cluster where the end-to-end tests fail", () => {
    const { status, targets } = ciRun("e2e");
    assert.deepEqual([status, targets.slice(-2)], [3, ["e2e", "cluster-down"]]);
  });
});

describe("the release workflow", () => {
  const { version, test, publish, site } = workflows.get("release.yml")?.jobs ?? {};

  it("publishes after all checks alone, from the protected environment", () => {
    assert.equal(publish?.environment, "release");
    assert.equal(publish.needs, "test");
    assert.equal(test?.needs, "version");
    const [checkout] = version?.steps ?? [];
    assert.deepEqual(checkout?.with, { "persist-credentials": false, "fetch-depth": 0 });
  });

  it("publishes the site that `npm run docs` builds, after the package", () => {
    assert.equal(site?.needs, "publish");
    assert.equal(site.environment, "github-pages");
    const [build, upload, deploy] = (site.steps ?? []).slice(-3);
    assert.equal(build?.run, "npm run docs");
    assert.match(upload?.uses ?? "", /^actions\/upload-pages-artifact@/);
    assert.match(deploy?.uses ?? "", /^actions\/deploy-pages@/);
    const config = readFileSync(join(github, "../docs/typedoc.config.mjs"), "utf8");
    assert.ok(config.includes(`out: "../${String(upload?.with?.["path"])}"`));
  });

  it("takes a tag that is on main, and no other", async () => {
    const directory = temporaryDirectory();
    const step = version?.steps?.find(({ name }) => name === "the tag is on main");
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t.test", ...args], {
        cwd: directory.path,
      });
    const check = (ref: string) => {
      git("checkout", "--quiet", "--detach", ref);
      return spawnSync("bash", ["-e", "-c", step?.run ?? "exit 2"], {
        cwd: directory.path,
        env: { ...process.env, GITHUB_REF_NAME: ref },
        encoding: "utf8",
      });
    };
    try {
      git("init", "--quiet");
      git("commit", "--quiet", "--allow-empty", "--message", "one");
      git("tag", "v1");
      git("commit", "--quiet", "--allow-empty", "--message", "two");
      git("update-ref", "refs/remotes/origin/main", "HEAD");
      git("tag", "-a", "-m", "annotated", "v2");
      git("commit", "--quiet", "--allow-empty", "--message", "a pull request");
      git("tag", "v3");
      assert.equal(check("v1").status, 0);
      assert.equal(check("v2").status, 0);
      const { status, stdout } = check("v3");
      assert.equal(status, 1);
      assert.equal(stdout, "::error::The tag v3 is not on main: merge its commit first, and tag it there.\n");
      git("update-ref", "-d", "refs/remotes/origin/main");
      assert.equal(check("v1").status, 1);
    } finally {
      await directory.stop();
    }
  });
});

describe("the release workflow's check of the version", () => {
  const directory = temporaryDirectory();
  const step = workflows
    .get("release.yml")
    ?.jobs["version"]?.steps?.find(({ name }) => name?.startsWith("the tag is the version"));

  function check(tag: string, changelog: string): { status: number | null; stdout: string } {
    writeFileSync(join(directory.path, "package.json"), '{ "version": "1.2.3" }');
    writeFileSync(join(directory.path, "CHANGELOG.md"), changelog);
    return spawnSync("bash", ["-e", "-c", step?.run ?? "exit 2"], {
      cwd: directory.path,
      env: { ...process.env, GITHUB_REF_NAME: tag },
      encoding: "utf8",
    });
  }

  after(() => directory.stop());

  it("takes the tag of the version, with its heading in the changelog", () => {
    assert.equal(check("v1.2.3", "## [1.2.3] - 2026-01-31\n").status, 0);
  });

  it("refuses another tag", () => {
    const { status, stdout } = check("v1.2.4", "## [1.2.3] - 2026-01-31\n");
    assert.equal(status, 1);
    assert.equal(
      stdout,
      "::error::The tag is v1.2.4, but package.json says 1.2.3: correct the version, or tag v1.2.3.\n",
    );
  });

  it("refuses a version without its heading", () => {
    const { status, stdout } = check("v1.2.3", "## [Unreleased]\n\n## [1.2.30] - 2026-01-31\n");
    assert.equal(status, 1);
    assert.equal(
      stdout,
      '::error::CHANGELOG.md has no heading "## [1.2.3]": give the unreleased changes that one.\n',
    );
  });
});

describe("dependabot", () => {
  it("looks where the manifests are", () => {
    const { updates } = parse(read("dependabot.yml")) as {
      updates: { "package-ecosystem": string; directory?: string; directories?: string[] }[];
    };
    const manifests: Record<string, string> = {
      npm: "package.json",
      gomod: "go.mod",
      "github-actions": ".github/workflows",
    };
    const looked = updates.flatMap(({ "package-ecosystem": ecosystem, directory, directories }) =>
      [directory ?? [], directories ?? []].flat().map((folder) => join(folder, manifests[ecosystem] ?? "?")),
    );
    assert.equal(looked.length, 11);
    assert.deepEqual(
      looked.filter((path) => !existsSync(join(github, "..", path))),
      [],
    );
  });
});
