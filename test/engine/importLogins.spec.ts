import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";

const auths = {
  "https://index.docker.io/v1/": { auth: Buffer.from('janedoe:c4n4ry "1" $x').toString("base64") },
  "https://index.docker.io/v1/refresh-token": { auth: Buffer.from("janedoe:c4n4ry").toString("base64") },
  "ghcr.io": { username: "0123", password: "true" },
};

describe("make import-logins", () => {
  let project: ProjectCopy;

  beforeEach(() => {
    project = copyProject();
  });

  afterEach(() => {
    project.remove();
  });

  function rewrite(change: (text: string) => string): string {
    const changed = change(project.stackFile());
    writeFileSync(join(project.folder, "stacks/Pulumi.local.yaml"), changed);
    return changed;
  }

  async function registries(): Promise<unknown> {
    const { code, output } = await project.pulumi("config", "get", "registries");
    assert.equal(code, 0, output);
    return JSON.parse(output.slice(output.indexOf("[{"))) as unknown;
  }

  it("adds logins that Pulumi can read, shows no password, and changes nothing else", async () => {
    const before = rewrite((text) =>
      text.replaceAll("\n", "\r\n").replace("janedoe\r\n", "janedoe   # me\r\n\r\n"),
    );
    const input = Buffer.from(`\ufeff${JSON.stringify({ auths })}`, "utf16le");
    const { code, output } = await project.make(["import-logins"], input);
    assert.equal(code, 0, output);
    assert.match(
      output,
      /kubernetes-private-registry:registries\[2\]: https:\/\/index\.docker\.io\/v1\/\nkubernetes-private-registry:registries\[3\]: ghcr\.io\nAdded to stacks\/Pulumi\.local\.yaml, with encrypted passwords\. Next: make preview STACK=local\n$/,
    );
    assert.doesNotMatch(output, /c4n4ry/);
    const added =
      /\r\n {4}- server: https:\/\/index[^]*?(?=\r\n {2}kubernetes)/.exec(project.stackFile())?.[0] ?? "";
    assert.equal(project.stackFile().replace(added, ""), before);
    assert.deepEqual(((await registries()) as unknown[]).slice(2), [
      { server: "https://index.docker.io/v1/", username: "janedoe", password: 'c4n4ry "1" $x' },
      { server: "ghcr.io", username: "0123", password: "true" },
    ]);
  });

  it("takes over the salt that Pulumi makes for a file that has none, and no config yet", async () => {
    assert.equal((await project.pulumi("config")).code, 0);
    rewrite(() => "# new\n");
    const { code, output } = await project.make(["import-logins"], JSON.stringify({ auths }));
    assert.equal(code, 0, output);
    assert.match(
      project.stackFile(),
      /^# new\nencryptionsalt: v1:\S+\nconfig:\n {2}kubernetes-private-registry:registries:\n {4}- server: /,
    );
    assert.equal(((await registries()) as unknown[]).length, 2);
  });

  it("writes nothing when one login of several can't be used", async () => {
    const before = project.stackFile();
    const broken = { auths: { ...auths, "quay.io": { username: "u", password: "c4n4ry\n" } } };
    const { code, output } = await project.make(["import-logins"], JSON.stringify(broken));
    assert.equal(code, 2);
    assert.match(output, /auths\["quay\.io"\]\.password: contains a newline/);
    assert.doesNotMatch(output, /c4n4ry/);
    assert.equal(project.stackFile(), before);
    assert.equal(
      readFileSync(join(project.folder, "stacks/Pulumi.dev.yaml"), "utf8").includes("quay"),
      false,
    );
  });

  for (const stack of ["../local", "a;b", "$(touch x)", "`touch x`", "a/b/c/d", "."]) {
    it(`is, like every target, refused with the stack ${stack}`, async () => {
      for (const target of ["up", "preview", "destroy", "import-logins"]) {
        const { code, output } = await project.make([target, `STACK=${stack}`], JSON.stringify({ auths }));
        assert.equal(code, 2);
        assert.match(output, /^error: .* does not name a stack: give /);
      }
      assert.equal(existsSync(join(project.folder, "x")), false);
    });
  }

  it("asks for a file at a terminal, where nobody types a config.json", async () => {
    const { output } = await project.type("make -o node_modules import-logins", [["", ""]]);
    assert.match(
      output,
      /error: give a Docker config\.json on standard input: make import-logins STACK=local < config\.json/,
    );
  });
});
