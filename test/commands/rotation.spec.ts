import assert from "node:assert/strict";
import { parse } from "yaml";
import { CommandError } from "../../commands/commandError";
import { beginRotation, findRotation, finishRotation } from "../../commands/rotation";

const project = "kubernetes-private-registry";
const sought = { stack: "prod", project };
const server = "registry.example.com";

/** A stack file with whatever a person may have written into it. */
const file = `# Top.

config:   # of prod
  kubernetes-private-registry:namespace:   'shop'   # single quotes, odd spaces


  # The logins.
  kubernetes-private-registry:registries:
    # Docker Hub
    - username: hub   # no server
      password: { secure: "v1:hub:old" }
    - server: "registry.example.com"   # ours
      username: '123456'

      # Of the robot.
      password:
        secure: v1:one/old+==   # ends in ==
      expiresAt: "2027-01-31T00:00:00Z"   # ask Bob
      email: a@example.com
    # - server: an.old.one
  kubernetes-private-registry:zzz: 0x10
# Salt.
encryptionsalt: v1:salt
`;

const begun = file
  .replace("v1:one/old+==", "v1:new")
  .replace('expiresAt: "2027-01-31T00:00:00Z"   # ask Bob', "# ask Bob")
  .replace(
    "zzz: 0x10\n",
    `zzz: 0x10
  kubernetes-private-registry:previousRegistries:
    - server: registry.example.com
      username: "123456"
      password:
        secure: v1:one/old+==
      expiresAt: "2027-01-31T00:00:00Z"
      email: a@example.com
`,
  );

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof CommandError);
    return error.message;
  }
  throw new Error("nothing was refused");
}

function begin(text: string, name = server): string {
  return beginRotation(text, name, "v1:new", sought);
}

describe("the edits of make rotate", () => {
  it("change the password, take its end along, copy the login, and touch no other byte", () => {
    assert.equal(begin(file), begun);
  });

  it("are taken back by make rotate-finish, but for the password", () => {
    const finished = file
      .replace("v1:one/old+==", "v1:new")
      .replace('expiresAt: "2027-01-31T00:00:00Z"   # ask Bob', "# ask Bob");
    assert.equal(finishRotation(begun, sought), finished);
  });

  const forms: [title: string, change: (text: string) => string][] = [
    ["CRLF", (text) => text.replaceAll("\n", "\r\n")],
    ["a byte order mark", (text) => `\ufeff${text}`],
    ["no newline at the end", (text) => text.trimEnd()],
    ["CRLF, and none at the end", (text) => text.replaceAll("\n", "\r\n").trimEnd()],
    [
      "the salt first, and the end of the config that of the file",
      (text) =>
        text
          .replace("# Top.\n", "encryptionsalt: v1:salt\n")
          .replace(/# Salt\.\nencryptionsalt: v1:salt\n/, "")
          .trimEnd(),
    ],
    ["four spaces of indentation", (text) => text.replace(/^ +/gm, "$&  ")],
    ["keys without the project", (text) => text.replaceAll(`${project}:`, "")],
    ["the old spelling of keys", (text) => text.replaceAll(`${project}:`, `${project}:config:`)],
  ];
  for (const [title, change] of forms) {
    it(`keep ${title}`, () => {
      const changed = begin(change(file));
      assert.equal(changed, change(begun));
      assert.equal(finishRotation(changed, sought), change(finishRotation(begun, sought) ?? ""));
    });
  }

  it("find the login of Docker Hub in any spelling, and one in flow style", () => {
    const changed = begin(file, "docker.io");
    assert.match(changed, /password: \{ secure: v1:new \}/);
    assert.match(
      changed,
      /previousRegistries:\n {4}- username: hub\n {6}password:\n {8}secure: v1:hub:old\n/,
    );
  });

  it("add to the outgoing logins of another rotation", () => {
    const both = begin(begun, "docker.io");
    assert.deepEqual(
      (parse(both) as { config: Record<string, unknown> }).config[`${project}:previousRegistries`],
      [
        {
          server,
          username: "123456",
          password: { secure: "v1:one/old+==" },
          expiresAt: "2027-01-31T00:00:00Z",
          email: "a@example.com",
        },
        { username: "hub", password: { secure: "v1:hub:old" } },
      ],
    );
    assert.equal(
      finishRotation(both, sought),
      finishRotation(begin(file, "docker.io"), sought)
        ?.replace("v1:one/old+==", "v1:new")
        .replace('expiresAt: "2027-01-31T00:00:00Z"   # ask Bob', "# ask Bob"),
    );
  });

  it("work in a file that is all flow style", () => {
    const flow = `{"config": {"${project}:registries": [{"server": "${server}", "expiresAt": "2027-01-31T00:00:00Z", "username": "u", "password": {"secure": "v1:old"}}], "a:b": "c"}}\n`;
    const changed = begin(flow);
    assert.deepEqual(parse(changed), {
      config: {
        [`${project}:registries`]: [{ server, username: "u", password: { secure: "v1:new" } }],
        "a:b": "c",
        [`${project}:previousRegistries`]: [
          { server, expiresAt: "2027-01-31T00:00:00Z", username: "u", password: { secure: "v1:old" } },
        ],
      },
    });
    assert.equal(
      finishRotation(changed, sought),
      flow.replace('"expiresAt": "2027-01-31T00:00:00Z", ', "").replace('"v1:old"', "v1:new"),
    );
  });

  it("write texts so that no reader of YAML takes them for something else, or ends a line in them", () => {
    for (const text of [
      "2027-01-31",
      "0o17",
      "yes",
      "1_000",
      "~",
      "=",
      "a: b",
      "a #b",
      "\u2028",
      "\u0085",
      "\u{e0001}",
      "*a",
      "NULL",
    ]) {
      const login = `- server: ${server}\n      username: ${JSON.stringify(text)}\n      password:\n        secure: v1:old\n`;
      const changed = begin(`config:\n  ${project}:registries:\n    ${login}`);
      const copy = /previousRegistries:[^]*username: (.*)\n/.exec(changed)?.[1] ?? "";
      assert.match(copy, /^"[ -~]*"$/, text);
      assert.equal(parse(copy), text);
    }
  });

  const login = `- server: ${server}\n      username: u\n      password:\n        secure: v1:old\n`;
  const refused: [title: string, text: string, reason: RegExp][] = [
    [
      "no logins",
      "config:\n  a:b: c\n",
      /^no login for registry\.example\.com in the stack prod: no config key of its file holds a list of logins, each with server, username and password\.$/,
    ],
    ["an empty file", "", /no config key of its file holds a list of logins/],
    [
      "escape sequences in servers, which it shows as such",
      `config:\n  ${project}:registries:\n    - server: "a\\e[2J\\u009b\\u202eb"\n`,
      /its servers are a\\u001b\[2J\\u009b\\u202eb\.$/,
    ],
    [
      "logins that are encrypted as a whole",
      `config:\n  ${project}:registries:\n    secure: v1:all\n`,
      /registries is encrypted as a whole/,
    ],
    [
      "logins as a JSON text",
      `config:\n  ${project}:registries: '[]'\n`,
      /registries is not a list of logins that can be edited/,
    ],
    [
      "a login that is shared by an anchor",
      `x: &a { secure: v1:old }\nconfig:\n  ${project}:registries:\n    - server: ${server}\n      password: *a\n`,
      /without YAML anchors, aliases/,
    ],
    [
      "a list under both of its names",
      `config:\n  ${project}:registries:\n    ${login}  registries: []\n`,
      /both kubernetes-private-registry:registries and registries/,
    ],
    [
      "a password that is not set yet",
      `config:\n  ${project}:registries:\n    - server: ${server}\n`,
      /registries\[0\] has no encrypted password to rotate: set it with `pulumi config set --stack prod --secret --path 'kubernetes-private-registry:registries\[0\]\.password'`/,
    ],
    [
      "a password in clear text, and does not show it",
      `config:\n  ${project}:registries:\n    - server: ${server}\n      password: canary\n`,
      /^(?!.*canary).*no encrypted password/,
    ],
    [
      "broken YAML, by its line, without its content",
      `config:\n  a: b\n  canary: [\n`,
      /^(?!.*canary)line \d of the stack file is not valid YAML/,
    ],
    [
      "a rotation of the same server",
      begun,
      /a rotation of registry\.example\.com is under way: end it with `npx --no kubernetes-private-registry rotate-finish --stack prod` .*, `pulumi up --stack prod` goes on with it\.$/,
    ],
    ["two documents", `config: {}\n---\nconfig: {}\n`, /not valid YAML \(MULTIPLE_DOCS\)/],
  ];
  for (const [title, text, reason] of refused) {
    it(`refuse ${title}`, () => {
      assert.match(
        refusal(() => findRotation(text, server, sought)),
        reason,
      );
    });
  }

  it("refuse what they can't write without a change of the rest", () => {
    const odd = `config:\n  ? ${project}:registries\n  :\n    ${login}  ${project}:x: { a: b }\n`;
    assert.deepEqual((parse(begin(odd)) as { config: Record<string, unknown> }).config[`${project}:x`], {
      a: "b",
    });
    const block = login.replace("v1:old", "|-\n          v1:old\n      email: a@b.c");
    assert.match(
      refusal(() => begin(`config:\n  ${project}:registries:\n    ${block}`)),
      /this command can't edit/,
    );
  });

  it("have nothing to finish where no login is outgoing", () => {
    assert.equal(finishRotation(file, sought), undefined);
  });
});
