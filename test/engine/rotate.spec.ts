import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { decodeDockerConfigJson } from "../../components";
import { leaksIn } from "../support/secrets/leaks";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";

const server = "www.3rdregistry.com";
const oldPassword = "example-password-1";
const newPassword = 'n3w "canary" \\ password';

describe("make rotate", () => {
  let project: ProjectCopy;

  before(async () => {
    project = copyProject();
    assert.equal((await project.make(["up"])).code, 0);
  });

  after(() => {
    project.remove();
  });

  function loginsOf(list: "registries" | "previousRegistries"): Record<string, unknown>[] | undefined {
    const { config } = parse(project.stackFile()) as { config: Record<string, Record<string, unknown>[]> };
    return config[`kubernetes-private-registry:${list}`];
  }

  /** The passwords for a server in the rendered Secrets, by the beginning of the Secret's file name. */
  function renderedPasswords(server: string): Record<string, string | undefined> {
    const folder = join(project.folder, "manifests/local/1-manifest");
    return Object.fromEntries(
      readdirSync(folder)
        .filter((file) => file.startsWith("v1-secret-shop-"))
        .map((file) => {
          const { data } = parse(readFileSync(join(folder, file), "utf8")) as {
            data: Record<string, string>;
          };
          const config = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
          const login = decodeDockerConfigJson(config).find((found) => found.server === server);
          return [file.replace(/^v1-secret-shop-|-[0-9a-f]{8}\.yaml$/g, ""), login?.password];
        }),
    );
  }

  it("sets the new password, keeps the old login until rotate-finish, and shows neither", async () => {
    const [before] = loginsOf("registries") ?? [];
    const begun = await project.make(["rotate", `SERVER=${server}`], `${newPassword}\n`);
    assert.equal(begun.code, 0, begun.output);
    assert.deepEqual(loginsOf("previousRegistries"), [before]);
    assert.deepEqual(renderedPasswords(server), {
      "private-registry": newPassword,
      "private-registry-previous": oldPassword,
    });
    assert.match(begun.output, /Previewing update[^]*Updating/);
    assert.match(
      begun.output,
      /Change it at www\.3rdregistry\.com now, then run: make rotate-finish STACK=local/,
    );

    const twice = await project.make(["rotate", `SERVER=${server}`], "another\n");
    assert.notEqual(twice.code, 0);
    assert.match(
      twice.output,
      /a rotation of www\.3rdregistry\.com is under way: end it with `make rotate-finish STACK=local`/,
    );

    const finished = await project.make(["rotate-finish"]);
    assert.equal(finished.code, 0, finished.output);
    assert.equal(loginsOf("previousRegistries"), undefined);
    assert.deepEqual(renderedPasswords(server), { "private-registry": newPassword });
    const shown = begun.output + twice.output + finished.output + project.stackFile();
    assert.deepEqual(leaksIn(shown, { oldPassword, newPassword }), []);
  });

  it("has nothing to finish when no rotation is under way", async () => {
    const { code, output } = await project.make(["rotate-finish"]);
    assert.notEqual(code, 0);
    assert.match(output, /no rotation is under way in the stack local/);
  });

  const refused: [title: string, args: string[], input: string, reason: RegExp][] = [
    [
      "an unknown server",
      ["SERVER=quay.io"],
      "x\n",
      /no login for quay\.io in the stack local: its servers are www\.3rdregistry\.com, 10\.10\.10\.10:443/,
    ],
    ["an unknown stack", [`SERVER=${server}`, "STACK=typo"], "x\n", /there is no stacks\/Pulumi\.typo\.yaml/],
    [
      "no server",
      [],
      "x\n",
      /name the registry whose password changes, such as: make rotate STACK=local SERVER=registry\.example\.com/,
    ],
    ["an empty password", [`SERVER=${server}`], "\n", /the new password is empty/],
    [
      "a password with white space at its end",
      [`SERVER=${server}`],
      "canary \n",
      /the new password begins or ends with white space/,
    ],
    [
      "a question that nobody can answer",
      [`SERVER=${server}`, "FLAGS="],
      "canary\n",
      /there is no terminal to ask on: add FLAGS=--yes/,
    ],
  ];
  for (const [title, args, input, reason] of refused) {
    it(`refuses ${title}, and leaves the stack file as it was`, async () => {
      const before = project.stackFile();
      const { code, output } = await project.make(["rotate", ...args], input);
      assert.notEqual(code, 0);
      assert.match(output, reason);
      assert.doesNotMatch(output, /canary/);
      assert.equal(project.stackFile(), before);
    });
  }

  it("asks for the password at a terminal, shows nothing of it, and asks before it brings the stack up", async () => {
    const other = "10.10.10.10:443";
    const prompt = `New password of ${other} for the stack local: `;
    const command = `make -o node_modules rotate SERVER=${other} FLAGS=`;
    const { output } = await project.type(command, [
      [prompt, "typed-canaryX\u007f\r"],
      ["Repeat the password: ", "typed-canary\r"],
      ["Bring local up with this? [y/N] ", "y\r"],
    ]);
    assert.deepEqual(renderedPasswords(other)["private-registry"], "typed-canary");
    assert.equal(output.includes("typed"), false);
  });
});
