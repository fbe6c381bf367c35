import assert from "node:assert/strict";
import { parse } from "yaml";
import { CommandError } from "../../commands/commandError";
import { planOf } from "../../commands/plan";
import type { Project } from "../../commands/project";
import { SettingsError } from "../../program/settings";

const project: Project = {
  name: "shop",
  folder: "/x",
  stackFolder: "",
  extension: ".yaml",
  config: { "shop:namespace": "web" },
};

function planned(text: string, key?: string, changes: Partial<Project> = {}): string[] {
  const stack = { name: "prod", shown: "Pulumi.prod.yaml", project: { ...project, ...changes } };
  return planOf(stack, parse(text), key).split("\n");
}

const password = "password: { secure: v1:x }";
const environmentNote =
  "Pulumi.prod.yaml also takes config from shop/registries, which this command can't read: what is set there is not in the list. `pulumi config --stack prod` shows all of it, with secrets hidden.";
const textNote = "shop:dockerConfigJson is encrypted as one text: its logins are not in the list.";
const inProgram =
  "The images are in the program: `pulumi preview` checks them, and PrivateWorkloads' output `pullPlan` has the logins of each.";

describe("plan", () => {
  it("lists the logins of a project whose images are in its program, without a username", () => {
    assert.deepEqual(
      planned(`
config:
  shop:region: eu
  platform:pullLogins:
    - { server: registry.example.com, username: canary, ${password}, expiresAt: "2027-01-31T00:00:00Z" }
    - { username: canary, password: canary, namespaces: [web, jobs] }
    - { server: ghcr.io, username: canary }
    - { server: eu.gcr.io, googleKey: { secure: v1:x } }
    - { server: 1.dkr.ecr.eu-west-1.amazonaws.com, ecrToken: { secure: v1:x } }
    - { huaweiSwr: { region: cn-north-4, accessKey: canary, secretKey: { secure: v1:x } } }
  platform:previousPullLogins:
    - { server: registry.example.com, username: canary, ${password} }
`),
      [
        "SERVER                             PULL SECRET  SECRET                   EXPIRES               NAMESPACES",
        "registry.example.com               current      password                 2027-01-31T00:00:00Z  all",
        "https://index.docker.io/v1/        current      password, in clear text                        web, jobs",
        "ghcr.io                            current      password, not set yet                          all",
        "eu.gcr.io                          current      googleKey                                      all",
        "1.dkr.ecr.eu-west-1.amazonaws.com  current      ecrToken                                       all",
        "swr.cn-north-4.myhuaweicloud.com   current      huaweiSwr                                      all",
        "registry.example.com               previous     password                                       all",
        inProgram,
      ],
    );
  });

  const workloads = "shop:workloads: { web: { image: registry.example.com/shop/web:v1 } }";
  const registries = `shop:registries: [{ server: registry.example.com, username: u, ${password} }]`;
  const table = [
    "DEPLOYMENT  CONTAINER  IMAGE                             SERVERS IN KUBELET'S ORDER  PULL SECRET",
    "web         web        registry.example.com/shop/web:v1  registry.example.com        current",
  ];

  it("has the logins of each image where the config has the images, under any namespace and with the project's own config", () => {
    assert.deepEqual(planned(`config: { ${workloads}, ${registries} }`), table);
    const other = `config: { ${workloads}, ${registries} }`.replaceAll("shop:", "a:config:");
    assert.deepEqual(planned(other), table);
    assert.deepEqual(
      planned(`config: { ${workloads} }`, undefined, {
        config: parse(`{ ${registries} }`) as Project["config"],
      }),
      table,
    );
  });

  it("names what it does not read, and the setting that may be meant", () => {
    assert.deepEqual(
      planned(`config: { ${workloads}, ${registries}, shop:region: eu, shop:serverWithoutSecret: [] }`),
      [
        ...table,
        "shop:region is not a setting that a plan depends on.",
        'shop:serverWithoutSecret is not a setting that a plan depends on (did you mean "serversWithoutSecret"?).',
      ],
    );
  });

  it("says of a dockerConfigJson that it is encrypted, and lists the rest", () => {
    const text = "shop:dockerConfigJson: { secure: v1:x }";
    const unlisted = ["web         web        registry.example.com/shop/web:v1  none in this list"];
    assert.deepEqual(planned(`config: { ${workloads}, ${registries}, ${text} }`), [...table, textNote]);
    assert.deepEqual(planned(`config: { ${workloads}, ${text} }`), [
      ...table.slice(0, 1),
      ...unlisted,
      textNote,
    ]);
    assert.deepEqual(planned(`config: { ${text} }`), [inProgram, textNote]);
    assert.deepEqual(planned(`config: { ${registries}, ${text} }`).slice(2), [inProgram, textNote]);
  });

  it("says what it can't see of an environment, and where that is, instead of an error", () => {
    const environment = "environment: [shop/registries]";
    assert.deepEqual(planned(environment), [inProgram, environmentNote]);
    assert.deepEqual(planned(`${environment}\nconfig: { ${workloads}, ${registries} }`), [
      ...table,
      environmentNote,
    ]);
    assert.deepEqual(planned(`${environment}\nconfig: { ${workloads} }`).slice(1), [
      "web         web        registry.example.com/shop/web:v1  none in this list",
      environmentNote,
    ]);
  });

  const refused: [title: string, text: string, reason: RegExp, key?: string][] = [
    [
      "no logins at all",
      "config: { shop:region: eu }",
      /^Pulumi\.prod\.yaml has no logins: give a list of mappings with server, username and password, and encrypt each password with `pulumi config set --stack prod --secret --path 'shop:registries\[0\]\.password'`\.$/,
    ],
    ["an empty file", "", /^Pulumi\.prod\.yaml has no logins: /],
    ["a key that is not there", `config: { ${registries} }`, /has no logins under typo: /, "typo"],
    [
      "a list that is encrypted as a whole",
      "config: { shop:registries: { secure: v1:x } }",
      /is encrypted as a whole/,
    ],
    [
      "several keys",
      `config: { a:b: [{ username: u, ${password} }], ${registries} }`,
      /Choose one with --key/,
    ],
    [
      "a wrong login, without its password",
      "config: { shop:registries: [{ server: a b, username: u, password: canary }] }",
      /^(?!.*canary)The stack's logins: 1 problem\n {2}registries\[0\]\.server: /s,
    ],
    [
      "an image without a login",
      `config: { ${workloads.replace("registry.", "other.")}, ${registries} }`,
      /no server matches/,
    ],
  ];
  for (const [title, text, reason, key] of refused) {
    it(`is refused for ${title}`, () => {
      assert.throws(
        () => planned(text, key),
        (error: Error) => {
          assert.ok(error instanceof CommandError || error instanceof SettingsError, error.stack);
          assert.match(error.message, reason);
          return true;
        },
      );
    });
  }
});
