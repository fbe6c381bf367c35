import assert from "node:assert/strict";
import { clearTextPasswords } from "../../components/lib/stackFile";

const secure = { secure: "v1:abc=" };

describe("clearTextPasswords", () => {
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
    ["a password that is nothing", { config: { "p:registries": [{ password: null }] } }, []],
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
      assert.deepEqual(clearTextPasswords(stackFile, "p"), paths);
    });
  }
});
