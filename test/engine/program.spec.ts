import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { decodeDockerConfigJson } from "../../components";
import { leaksIn } from "../support/secrets/leaks";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";

describe("the program, by make", () => {
  let project: ProjectCopy;

  before(() => {
    project = copyProject();
  });

  after(() => {
    project.remove();
  });

  afterEach(() => {
    project.restoreStacks();
  });

  const key = (name: string): string => `kubernetes-private-registry:${name}`;

  function manifest(file: string): Record<string, Record<string, string>> {
    return parse(readFileSync(join(project.folder, "manifests/local/1-manifest", file), "utf8")) as never;
  }

  it("renders the local stack, changes nothing the second time, and destroys all of it", async () => {
    const first = await project.make(["up"]);
    assert.match(first.output, /^Resources:\n {4}\+ 9 created$/m);
    assert.match(first.output, /^ {4}secretName +: "private-registry-[0-9a-f]{8}"$/m);
    assert.match(first.output, /^ {8}awesomeapp: "shop\/awesomeapp"$/m);
    assert.match(first.output, /^ {4}pullPlan +: \[$/m);
    const files = readdirSync(join(project.folder, "manifests/local/1-manifest")).toSorted();
    const secretFile = files.find((file) => file.startsWith("v1-secret-shop-private-registry-")) ?? "";
    assert.deepEqual(files, [
      "apps_v1-deployment-shop-awesomeapp.yaml",
      "apps_v1-deployment-shop-reports.yaml",
      "v1-namespace-default-shop.yaml",
      secretFile,
    ]);
    const config = Buffer.from(
      manifest(secretFile)["data"]?.[".dockerconfigjson"] ?? "",
      "base64",
    ).toString();
    assert.deepEqual(decodeDockerConfigJson(config), [
      { server: "10.10.10.10:443", username: "puller", password: "example-password-2" },
      {
        server: "www.3rdregistry.com",
        username: "janedoe",
        password: "example-password-1",
        email: "janedoe@example.com",
      },
    ]);

    const second = await project.make(["up"]);
    assert.match(second.output, /^Resources:\n {4}9 unchanged$/m);
    const passwords = {
      one: "example-password-1",
      two: "example-password-2",
      login: "janedoe:example-password-1",
    };
    assert.deepEqual(leaksIn(first.output + second.output, passwords), []);

    assert.equal((await project.make(["destroy"])).code, 0);
    assert.equal(existsSync(join(project.folder, "manifests")), false);
    assert.equal(existsSync(join(project.folder, ".pulumi-local")), false);
  });

  it("plans the pulls of the local stack without making anything", async () => {
    const { code, output } = await project.make(["plan"]);
    assert.equal(code, 0);
    assert.match(output, /^DEPLOYMENT +CONTAINER +IMAGE/);
    assert.match(
      output,
      /^reports +reports +10\.10\.10\.10:443\/team\/reports:v2 +10\.10\.10\.10:443 +current$/m,
    );
    assert.equal(existsSync(join(project.folder, ".pulumi-local")), false);
    assert.equal((await project.make(["plan", "STACK=none"])).code, 2);
  });

  it("reports every mistake of the config at once, with its path, and no stack trace", async () => {
    project.editStack((stack) => {
      stack.setIn(["config", key("namespaze")], "shop");
      stack.setIn(["config", key("workloads"), "awesomeapp", "replicas"], "two");
      stack.setIn(["config", key("workloads"), "reports", "image"], "10.10.10.10/team/Reports");
      stack.setIn(["config", key("registries"), 1, "username"], "pull:er");
    });
    const { code, output } = await project.make(["preview"]);
    assert.notEqual(code, 0);
    assert.match(
      output,
      new RegExp(
        [
          "error: The stack's config: 4 problems",
          '  namespaze: is not a known name \\(did you mean "namespace"\\?\\)\\. Expected one of: .*',
          "  workloads\\.awesomeapp\\.replicas: is a string: give a whole number from 0 to 2147483647\\.",
          '  registries\\[1\\]\\.username: contains ":", where kubelet splits username from password: .*',
          "  workloads\\.reports\\.image: .*Reports.*",
        ].join("\n *"),
      ),
    );
    assert.doesNotMatch(output, /^\s+at .+:\d+:\d+/m);
    assert.match(output, /1 errored/);
    assert.equal(existsSync(join(project.folder, "manifests")), false);
  });

  it("refuses a password in clear text, by its path, without showing it", async () => {
    project.editStack((stack) => {
      stack.setIn(["config", key("registries"), 0, "password"], "clear-text-canary");
    });
    const { code, output } = await project.make(["preview"]);
    assert.notEqual(code, 0);
    assert.match(
      output,
      /registries\[0\]\.password: is in clear text: .*`pulumi config set --secret --path 'registries\[0\]\.password'`/,
    );
    assert.deepEqual(leaksIn(output, { password: "clear-text-canary" }), []);
  });

  it("writes a kustomization.yaml that lists what is rendered, also after a rotation, when that is asked for", async () => {
    project.editStack((stack) => {
      stack.setIn(["config", key("renderKustomization")], true);
    });
    const folder = join(project.folder, "manifests/local");
    const listed = (): unknown => {
      const text = readFileSync(join(folder, "kustomization.yaml"), "utf8");
      return (parse(text) as { resources: unknown }).resources;
    };
    const rendered = (): string[] =>
      readdirSync(join(folder, "1-manifest"))
        .toSorted()
        .map((file) => `1-manifest/${file}`);
    assert.equal((await project.make(["preview"])).code, 0);
    assert.equal(existsSync(join(folder, "kustomization.yaml")), false);
    const first = await project.make(["up"]);
    assert.equal(first.code, 0, first.output);
    assert.equal(rendered().length, 4);
    assert.deepEqual(listed(), rendered());
    const before = rendered();
    project.editStack((stack) => {
      stack.setIn(["config", key("registries"), 0, "email"], "jane@example.com");
    });
    assert.equal((await project.make(["up"])).code, 0);
    assert.notDeepEqual(rendered(), before);
    assert.deepEqual(listed(), rendered());
    assert.equal((await project.make(["destroy"])).code, 0);
  });

  it("renders all but the Secrets, so that a rotation changes no file, when that is asked for", async () => {
    project.editStack((stack) => {
      stack.setIn(["config", key("renderSecrets")], false);
      stack.setIn(["config", key("renderKustomization")], true);
      stack.setIn(["config", key("rotation")], "inPlace");
    });
    const folder = join(project.folder, "manifests/local");
    const rendered = (): Record<string, string> =>
      Object.fromEntries(
        readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((file) => file.endsWith(".yaml"))
          .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
      );
    const first = await project.make(["up"]);
    assert.equal(first.code, 0, first.output);
    assert.doesNotMatch(first.output, /rendered in clear text/);
    const before = rendered();
    assert.deepEqual(
      Object.keys(before).filter((file) => /secret/i.test(file)),
      [],
    );
    assert.match(Object.values(before).join("\n"), /imagePullSecrets:\n\s*- name: private-registry\n/);
    project.editStack((stack) => {
      stack.setIn(["config", key("registries"), 0, "email"], "jane@example.com");
    });
    assert.equal((await project.make(["up"])).code, 0);
    assert.deepEqual(rendered(), before);
    assert.equal((await project.make(["destroy"])).code, 0);
  });
});
