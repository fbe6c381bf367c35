import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { decodeDockerConfigJson } from "../../components";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

const root = resolve(__dirname, "../..");
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

describe("the program, on the configuration that the engine hands over from an environment", function () {
  this.timeout(60_000);
  const stopping = stopAtEnd();

  /** Runs it with a stack file that has no more than the name of an environment. */
  function run(
    config: Record<string, unknown>,
    secretKeys: string[],
    stackFile = "environment: [shop/registries]\n",
  ): { registered: Registered[]; errors: string } {
    const folder = stopping(temporaryDirectory()).path;
    mkdirSync(join(folder, "stacks"));
    writeFileSync(join(folder, "stacks/Pulumi.prod.yaml"), stackFile);
    const keyed = (key: string): string => `kubernetes-private-registry:${key}`;
    const texts = Object.entries(config).map(([key, value]) => [keyed(key), JSON.stringify(value)]);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--import=tsx", join(root, "test/support/config/handedOver.ts")],
      {
        cwd: root,
        encoding: "utf8",
        env: {
          ...process.env,
          PULUMI_NODEJS_ROOT_DIRECTORY: folder,
          PULUMI_CONFIG: JSON.stringify(Object.fromEntries(texts)),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys.map(keyed)),
        },
      },
    );
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    return { registered: lines.map((line) => JSON.parse(line) as Registered), errors: stderr };
  }

  function secretIn({ registered, errors }: ReturnType<typeof run>): unknown {
    const [secret, ...others] = registered.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    assert.ok(secret && others.length === 0, errors);
    const data = secret.inputs["data"] as Record<string, unknown>;
    assert.equal(data[signature], secretSignature);
    const { ".dockerconfigjson": text } = data["value"] as Record<string, string>;
    return decodeDockerConfigJson(Buffer.from(text ?? "", "base64").toString());
  }

  it("makes the Secret of logins that the stack file does not have", () => {
    assert.deepEqual(secretIn(run({ registries: [login] }, ["registries"])), [login]);
  });

  it("has only the stack file's list where both have one: the engine hands over no other login", () => {
    const own = { ...login, server: "own.example.com" };
    assert.deepEqual(secretIn(run({ registries: [own] }, ["registries"])), [own]);
  });

  it("takes a login whose password is in clear text in the environment, since another one there is secret", () => {
    const clear = { ...login, server: "clear.example.com" };
    const both = secretIn(run({ registries: [login, clear] }, ["registries"]));
    assert.deepEqual(both, [clear, login]);
  });

  it("refuses the same in the values of an environment that the stack file itself has", () => {
    const stackFile = `environment:
  values:
    pulumiConfig:
      registries:
        - { server: registry.example.com, username: janedoe, password: { fn::secret: { ciphertext: x } } }
        - { server: clear.example.com, username: janedoe, password: c4n4ry }
`;
    const { registered, errors } = run({ registries: [login] }, ["registries"], stackFile);
    assert.deepEqual(registered, []);
    assert.match(
      errors,
      /environment\.values\.pulumiConfig\.registries\[1\]\.password: is in clear text: change it at the registry/,
    );
    assert.doesNotMatch(errors, /c4n4ry/);
  });
});
