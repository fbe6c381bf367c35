import assert from "node:assert/strict";
import { CommandError } from "../../commands/commandError";
import {
  beginRotation,
  findRotation,
  finishRotation,
  holdsLogin,
  type Sought,
} from "../../commands/rotation";

const sought: Sought = { stack: "prod", project: "shop" };
const server = "registry.example.com";

function login(host: string, secret = "password"): string {
  return `    - server: ${host}\n      username: u\n      ${secret}:\n        secure: v1:${host}\n`;
}

function refusal(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof CommandError);
    return error.message.split("\n");
  }
  throw new Error("nothing was refused");
}

describe("a rotation of logins under any key", () => {
  const two = `config:\n  a:one:\n${login("a.example.com")}  b:two:\n${login(server)}`;

  it("takes the key that has the server, and keeps the old login under the key's own name", () => {
    const begun = beginRotation(two, server, "v1:new", sought);
    assert.equal(
      begun,
      `${two.replace(`v1:${server}`, "v1:new")}  b:previousTwo:\n    - server: ${server}\n      username: u\n      password:\n        secure: v1:${server}\n`,
    );
    assert.equal(finishRotation(begun, sought), two.replace(`v1:${server}`, "v1:new"));
  });

  it("is refused where two keys have the server, until one is named", () => {
    const both = `config:\n  a:one:\n${login(server)}  b:two:\n${login(server)}`;
    assert.deepEqual(
      refusal(() => findRotation(both, server, sought)),
      ["several config keys hold logins: a:one, b:two. Choose one with --key."],
    );
    assert.deepEqual(findRotation(both, server, { ...sought, key: "b:two" }).path, ["config", "b:two", 0]);
    assert.match(
      refusal(() => findRotation(two, server, { ...sought, key: "a:one" }))[0] ?? "",
      /^no login for registry\.example\.com in the stack prod: its servers are a\.example\.com\.$/,
    );
    const outgoing = both.replaceAll(/(one|two)/g, (name) => `previous${name === "one" ? "One" : "Two"}`);
    assert.deepEqual(
      refusal(() => finishRotation(outgoing, sought)),
      ["several config keys hold logins: a:one, b:two. Choose one with --key."],
    );
    assert.equal(
      finishRotation(outgoing, { ...sought, key: "b:two" }),
      `config:\n  a:previousOne:\n${login(server)}`,
    );
  });

  it("knows which files have a login for a server", () => {
    assert.deepEqual(
      [server, "a.example.com", "quay.io"].map((host) => holdsLogin(two, host, sought)),
      [true, true, false],
    );
  });

  for (const member of ["ecrToken", "googleKey"] as const) {
    it(`sets another secret than a password, ${member}`, () => {
      const text = `config:\n  shop:registries:\n${login(server, member)}`;
      assert.equal(findRotation(text, server, sought).member, member);
      assert.equal(
        beginRotation(text, server, "v1:new", sought),
        `${text.replace(`v1:${server}`, "v1:new")}  shop:previousRegistries:\n${login(server, member)}`,
      );
    });
  }

  it("of Huawei's access keys says what to do by hand, since both change", () => {
    const text = `config:
  shop:registries:
    - huaweiSwr: { region: cn-north-4, accessKey: A, secretKey: { secure: v1:x } }
`;
    assert.deepEqual(
      refusal(() => findRotation(text, "swr.cn-north-4.myhuaweicloud.com", sought)),
      [
        "shop:registries[0] has a `huaweiSwr`, whose access key changes along with its secret key: copy the entry to shop:previousRegistries, set the new ones with `pulumi config set --stack prod --secret --path 'shop:registries[0].huaweiSwr.accessKey'` and `pulumi config set --stack prod --secret --path 'shop:registries[0].huaweiSwr.secretKey'`, and run `pulumi up --stack prod`.",
      ],
    );
  });
});

describe("the end of the rotation of one server", () => {
  const begun = (list: string): string => `config:
  shop:registries:
${login(server)}  shop:previousRegistries:
${list}  shop:namespace: web
`;
  const lists: Record<string, [before: string, after: string]> = {
    "the first of two": [login(server) + login("a.example.com"), login("a.example.com")],
    "the last of two, with comments": [
      `${login("a.example.com")}    # ours\n${login(server)}`,
      `${login("a.example.com")}    # ours\n`,
    ],
    "one in flow style": [
      `    [{ server: a.example.com, username: u }, { server: ${server}, username: u }]\n`,
      "    [{ server: a.example.com, username: u }]\n",
    ],
    "one in a flow of its own, but for the comment": [
      `    - { server: ${server}, username: u }   # ours\n    - { server: a.example.com, username: u }\n`,
      "    # ours\n    - { server: a.example.com, username: u }\n",
    ],
  };
  for (const [title, [before, after]] of Object.entries(lists)) {
    it(`drops ${title}, and keeps the other`, () => {
      assert.equal(finishRotation(begun(before), sought, server), begun(after));
    });
  }

  it("drops the whole key with the only login", () => {
    const text = begun(login(server));
    assert.equal(
      finishRotation(text, sought, server),
      text.replace(`  shop:previousRegistries:\n${login(server)}`, ""),
    );
  });

  it("has nothing to drop for another server", () => {
    assert.equal(finishRotation(begun(login(server)), sought, "quay.io"), undefined);
  });
});

describe("a rotation of a login that is not in a list of the stack file", () => {
  it("has the commands for one in a dockerConfigJson", () => {
    const text = `config:\n  dockerConfigJson:\n    secure: v1:x\n  shop:registries:\n${login("a.example.com")}`;
    assert.deepEqual(
      refusal(() => findRotation(text, server, sought)),
      [
        `no login for ${server} in the stack prod: its servers are a.example.com.`,
        "shop:dockerConfigJson is encrypted as one text. If the login is there, set the new text, and keep the old one until the registry knows the new password:",
        "  pulumi config get --stack prod shop:dockerConfigJson | pulumi config set --stack prod --secret shop:previousDockerConfigJson",
        "  pulumi config set --stack prod --secret shop:dockerConfigJson < config.json",
        "  pulumi up --stack prod",
        `Then change the password at ${server}, and drop the old text:`,
        "  pulumi config rm --stack prod shop:previousDockerConfigJson",
        "  pulumi up --stack prod",
      ],
    );
  });

  it("quotes a key for the shell, whatever is in it", () => {
    const lines = refusal(() =>
      findRotation('config: { "a$(touch x)\':dockerConfigJson": { secure: v1:x } }', server, sought),
    );
    const quoted = String.raw`'a$(touch x)'\'':`;
    assert.deepEqual(
      lines.filter((line) => line.startsWith("  pulumi config")),
      [
        `  pulumi config get --stack prod ${quoted}dockerConfigJson' | pulumi config set --stack prod --secret ${quoted}previousDockerConfigJson'`,
        `  pulumi config set --stack prod --secret ${quoted}dockerConfigJson' < config.json`,
        `  pulumi config rm --stack prod ${quoted}previousDockerConfigJson'`,
      ],
    );
  });

  const environments: Record<string, [environment: string, shown: string]> = {
    "a list of names": ["environment: [shop/registries, base]", "shop/registries, base"],
    "imports with options, and values": [
      "environment:\n  imports:\n    - shop/registries: { merge: false }\n    - base\n  values: { pulumiConfig: {} }",
      "shop/registries, base, `environment.values` of the stack file",
    ],
    "an escape sequence": ['environment: ["a\\e[2J\\u009b"]', String.raw`a\u001b[2J\u009b`],
  };
  for (const [title, [environment, shown]] of Object.entries(environments)) {
    it(`says what to do in an environment, with ${title}`, () => {
      assert.deepEqual(
        refusal(() => findRotation(`${environment}\n`, server, sought)),
        [
          `no login for ${server} in the stack prod: no config key of its file holds a list of logins, each with server, username and password.`,
          `The stack also takes config from ${shown}, which this command can't read. If the login is there, change it there, once for all stacks that import it:`,
          "  copy the login from `registries` to `previousRegistries`, and set the new password in `registries`, as `fn::secret`: `pulumi env edit <environment>`",
          "  pulumi up --stack prod",
          `Then change the password at ${server}, remove \`previousRegistries\` from the environment, and run the same again.`,
        ],
      );
    });
  }

  it("says nothing of environments that are none", () => {
    for (const environment of ["environment:", "environment: []", "environment: x", "environment: {}"]) {
      assert.equal(refusal(() => findRotation(`${environment}\n`, server, sought)).length, 1);
    }
  });
});
