import assert from "node:assert/strict";
import { inspect } from "node:util";
import { clearTextSecrets } from "../../program/stackFile";
import { readStackYaml, StackYamlError } from "../../program/stackYaml";

describe("readStackYaml", () => {
  const files: [title: string, text: string, values: unknown[]][] = [
    ["nothing", "", []],
    ["one document", "a: 1\n", [{ a: 1 }]],
    ["several documents", "---\na: 1\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
    ["anchors and aliases", "a: &x [1]\nb: *x\n", [{ a: [1], b: [1] }]],
    ["merge keys", "a: &x { p: 1, q: 2 }\nb: { <<: *x, q: 3 }\n", [{ a: { p: 1, q: 2 }, b: { p: 1, q: 3 } }]],
    ["tags", "a: !!binary aHVudGVyMg==\nb: !!str 12\nc: !secret x\n", [{ a: "hunter2", b: "12", c: "x" }]],
    ["a byte order mark", "\ufeffa: 1", [{ a: 1 }]],
  ];
  for (const [title, text, values] of files) {
    it(`reads ${title}`, () => {
      assert.deepEqual(readStackYaml(Buffer.from(text)), values);
    });
  }

  it("reads UTF-16, as Go does", () => {
    const little = Buffer.from("\ufeffa: 1", "utf16le");
    assert.deepEqual(readStackYaml(little), [{ a: 1 }]);
    assert.deepEqual(readStackYaml(Buffer.from(little).swap16()), [{ a: 1 }]);
  });

  const bomb = [
    "a: &a0 x",
    ...Array.from({ length: 40 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`),
  ];
  const broken: [title: string, text: string, place: string][] = [
    ["a quote that stays open", 'a: 1\npassword: "hunter2\n', "line 3, column 1"],
    ["a tab", "a:\n\tpassword: hunter2\n", "line 2, column 1"],
    ["a second key in one line", "password: hunter2: x\n", "line 1, column 11"],
    [
      "an alias without anchor",
      "password: *hunter2\n",
      "its aliases, one of which has no anchor before it, or far too many",
    ],
    ["a bomb", bomb.join("\n"), "its aliases, one of which has no anchor before it, or far too many"],
  ];
  for (const [title, text, place] of broken) {
    it(`says where ${title} is, and not what`, () => {
      assert.throws(
        () => readStackYaml(Buffer.from(text)),
        (error: unknown) => {
          assert.ok(error instanceof StackYamlError);
          assert.equal(error.name, "StackYamlError");
          assert.equal(error.message, `is not valid YAML: see ${place}.`);
          assert.doesNotMatch(inspect(error), /hunter2/);
          return true;
        },
      );
    });
  }

  it("prints no warning, which would show the text", async () => {
    const warnings: string[] = [];
    const listen = ({ message }: Error): unknown => warnings.push(message);
    process.on("warning", listen);
    readStackYaml(Buffer.from("password: !secret hunter2\n? { password: hunter2 }\n: a\n"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    assert.deepEqual(warnings, []);
  });
});

describe("clearTextSecrets, of a text", () => {
  const texts: [title: string, text: string, paths: string[]][] = [
    [
      "a merged login",
      "x: &l { password: hunter2 }\nconfig: { registries: [{ <<: *l, username: u }] }",
      ["registries[0].password"],
    ],
    [
      "a merged config",
      "x: &c { p:registries: [{ password: hunter2 }] }\nconfig: { <<: *c }",
      ["registries[0].password"],
    ],
    ["an alias", "x: &p hunter2\nconfig: { registries: [{ password: *p }] }", ["registries[0].password"]],
    [
      "an encrypted password over a merged one",
      "x: &l { password: hunter2 }\nconfig: { registries: [{ <<: *l, password: { secure: v1:a } }] }",
      [],
    ],
    [
      "a binary text",
      `config: { registries: !!binary ${Buffer.from('[{"password":"a"}]').toString("base64")} }`,
      ["registries"],
    ],
    [
      "a second document",
      "config: {}\n---\nconfig: { registries: [{ password: hunter2 }] }",
      ["registries[0].password"],
    ],
    [
      "two keys",
      "config:\n  registries: []\n  registries: [{ password: hunter2 }]",
      ["registries[0].password"],
    ],
  ];
  for (const [title, text, paths] of texts) {
    it(`of ${title} are ${JSON.stringify(paths)}`, () => {
      const documents = readStackYaml(Buffer.from(text));
      assert.deepEqual(
        documents.flatMap((document) => clearTextSecrets(document, "p")),
        paths,
      );
    });
  }
});
