import assert from "node:assert/strict";
import { clearTextSecrets } from "../../program/stackFile";

const secure = { secure: "v1:abc=" };
const first = ["registries[0].password"];
const inItself: unknown[] = [{ password: "hunter2" }];
inItself.push(inItself);
const inAnother: unknown[] = [];
inAnother.push([inAnother]);

/** A stack file with an environment inside, whose config has these logins. */
function withEnvironment(values: object, registries: object[]): unknown {
  return { environment: { values: { ...values, pulumiConfig: { registries } } } };
}

describe("clearTextSecrets", () => {
  const files: [title: string, stackFile: unknown, paths: string[]][] = [
    ["an empty file", null, []],
    ["a file that is a list", [], []],
    ["a file without config", { encryptionsalt: "v1:" }, []],
    ["config that is a text", { config: "text" }, []],
    ["config of other projects", { config: { "other:registries": [{ password: "hunter2" }] } }, []],
    ["an encrypted list", { config: { "p:registries": secure } }, []],
    ["an encrypted password", { config: { "p:registries": [{ password: secure }] } }, []],
    [
      "a login without password",
      { config: { "p:registries": [{ username: "u" }, null, "text", secure] } },
      [],
    ],
    [
      "a password that is nothing",
      { config: { "p:registries": [{ password: null }, { password: undefined }] } },
      [],
    ],
    [
      "a password in clear text",
      { config: { "p:registries": [{ password: "hunter2" }] } },
      ["registries[0].password"],
    ],
    ["a number", { config: { "p:registries": [{ password: 123456 }] } }, ["registries[0].password"]],
    [
      "an object that is not encrypted",
      { config: { "p:registries": [{ password: { secure: 1 } }] } },
      ["registries[0].password"],
    ],
    [
      "a list for a password",
      { config: { "p:registries": [{ password: ["hunter2"] }] } },
      ["registries[0].password"],
    ],
    [
      "a key without the project",
      { config: { registries: [{ password: "hunter2" }] } },
      ["registries[0].password"],
    ],
    ["the CLI's long form of a key", { config: { "p:config:registries": [{ password: "x" }] } }, first],
    ["the long form of another project", { config: { "q:config:registries": [{ password: "x" }] } }, []],
    ["a key in other letters", { config: { "p:Registries": [{ PassWord: "hunter2" }] } }, first],
    ["a boolean", { config: { registries: [{ password: false }] } }, first],
    [
      "an object with more than secure",
      { config: { registries: [{ password: { ...secure, a: 1 } }] } },
      first,
    ],
    [
      "a JSON text with escapes",
      { config: { "p:registries": String.raw`[{"pass\u0077ord":"hunter2"}]` } },
      ["registries"],
    ],
    [
      "a JSON text with an object that reads as encrypted",
      { config: { registries: '[{"password":{"secure":"v1:"}}]' } },
      ["registries"],
    ],
    [
      "a JSON text in JSON",
      { config: { registries: JSON.stringify([String.raw`{"pass\u0077ord":1}`]) } },
      ["registries"],
    ],
    [
      "a login as JSON",
      { config: { registries: [String.raw`{"pass\u0077ord":"hunter2"}`] } },
      ["registries[0]"],
    ],
    ["logins in an object", { config: { registries: { a: { password: "hunter2" } } } }, ["registries"]],
    [
      "a password deep in a login",
      { config: { registries: [{ a: { password: "hunter2" } }] } },
      ["registries[0]"],
    ],
    [
      "JSON of other things",
      { config: { registries: [{ password: secure, caBundle: "{", email: "[1]" }] } },
      [],
    ],
    [
      "a list that is in itself",
      { config: { registries: inItself } },
      ["registries[0].password", "registries[1]"],
    ],
    ["a list that is in one in itself", { config: { registries: [inAnother] } }, []],
    ["texts that begin as JSON does", { config: { registries: [{ caBundle: "{", email: "[1" }, "["] } }, []],
    [
      "a JSON text after a line break",
      { config: { registries: String.raw`${"\n"} [{"pass\u0077ord":"hunter2"}]` } },
      ["registries"],
    ],
    ["an environment by name", { environment: ["shared"] }, []],
    [
      "a reference with more around it",
      withEnvironment({ hidden: { "fn::open::vault": {} } }, [
        { password: "${hidden}" },
        { password: "hunter2${hidden}" },
        { password: "${hidden}hunter2" },
      ]),
      [1, 2].map((index) => `environment.values.pulumiConfig.registries[${index}].password`),
    ],
    [
      "references to each other, to nothing, and into nothing",
      withEnvironment({ one: "${other}", other: "${one}", empty: null }, [
        { password: "${one}" },
        { password: "${.}" },
        { password: "${empty.password}" },
      ]),
      [0, 1].map((index) => `environment.values.pulumiConfig.registries[${index}].password`),
    ],
    [
      "passwords in an environment that are no text",
      withEnvironment({}, [{ password: 7 }, { password: ["hunter2"] }, { password: { a: 1 } }]),
      [0, 1, 2].map((index) => `environment.values.pulumiConfig.registries[${index}].password`),
    ],
    [
      "what a provider is given to get a password",
      withEnvironment({}, [
        { password: { "fn::open::vault": { password: { path: "x" } } } },
        { huaweiSwr: { secretKey: { "fn::open::vault": { password: { path: "x" } } } } },
      ]),
      [],
    ],
    [
      "an environment in the file",
      {
        environment: {
          values: {
            hidden: { "fn::secret": { ciphertext: "x" } },
            shown: "hunter2",
            pulumiConfig: {
              "p:registries": [
                { password: "hunter2" },
                { password: "${hidden}" },
                { password: "${shown}" },
                { password: "${imported.login}" },
                { password: { "fn::open::vault": {} } },
                { password: { "fn::secret": "hunter2" } },
                { password: { "fn::secret": { ciphertext: "x" } } },
              ],
              previousRegistries: { "fn::fromJSON": '[{"password":"hunter2"}]' },
            },
          },
        },
      },
      [
        "environment.values.pulumiConfig.registries[0].password",
        "environment.values.pulumiConfig.registries[2].password",
        "environment.values.pulumiConfig.registries[5].password",
        "environment.values.pulumiConfig.previousRegistries",
      ],
    ],
    [
      "each secret that a login can have",
      {
        config: {
          registries: [
            { ecrToken: "x" },
            { googleKey: { private_key: "x" } },
            { huaweiSwr: { region: "r", accessKey: "a", secretKey: "x" } },
            { HuaweiSWR: { SecretKey: "x" }, ECRToken: "x" },
          ],
        },
      },
      [
        "registries[0].ecrToken",
        "registries[1].googleKey",
        "registries[2].huaweiSwr.secretKey",
        "registries[3].ecrToken",
        "registries[3].huaweiSwr.secretKey",
      ],
    ],
    [
      "each of them encrypted",
      {
        config: {
          registries: [
            { ecrToken: secure },
            { googleKey: secure },
            { huaweiSwr: { region: "r", accessKey: "a", secretKey: secure } },
            { huaweiSwr: secure },
          ],
        },
      },
      [],
    ],
    [
      "one of them deep in a login",
      { config: { registries: [{ a: { secretKey: "x" } }] } },
      ["registries[0]"],
    ],
    ["one of them in a JSON text", { config: { registries: '[{"googleKey":{' } }, ["registries"]],
    [
      "a config.json",
      { config: { "p:dockerConfigJson": '{"auths":{}}', previousDockerConfigJson: { auths: {} } } },
      ["dockerConfigJson", "previousDockerConfigJson"],
    ],
    ["a config.json in other letters", { config: { "p:config:DockerConfigJSON": 7 } }, ["dockerConfigJson"]],
    ["an encrypted config.json", { config: { "p:dockerConfigJson": secure, "q:dockerConfigJson": "x" } }, []],
    ["a config.json that is nothing", { config: { dockerConfigJson: null } }, []],
    [
      "a config.json with a part encrypted",
      { config: { dockerConfigJson: { auths: { "quay.io": { auth: secure } } } } },
      ["dockerConfigJson"],
    ],
    [
      "a config.json in an environment in the file",
      {
        environment: {
          values: {
            pulumiConfig: { dockerConfigJson: "x", previousDockerConfigJson: { "fn::open::vault": {} } },
          },
        },
      },
      ["environment.values.pulumiConfig.dockerConfigJson"],
    ],
    ["a JSON text", { config: { "p:registries": '[{"password":"hunter2"}]' } }, ["registries"]],
    ["a text without passwords", { config: { "p:registries": "text" } }, []],
    [
      "several, also outgoing ones",
      {
        config: {
          "p:registries": [{ password: secure }, { password: "hunter2" }, { password: "" }],
          "p:previousRegistries": [{ password: "hunter1" }],
        },
      },
      ["registries[1].password", "registries[2].password", "previousRegistries[0].password"],
    ],
  ];
  for (const [title, stackFile, paths] of files) {
    it(`of ${title} are ${JSON.stringify(paths)}`, () => {
      assert.deepEqual(clearTextSecrets(stackFile, "p"), paths);
    });
  }
});
