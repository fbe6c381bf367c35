import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { parseSettings } from "../program/settings";
import { documents, examplesIn, root, snippets, snippetsIn, textOf } from "./support/docs/documents";
import { typeErrorsIn } from "./support/docs/typescriptSnippets";
import { ecrTokenUntil, googleKeyOf } from "./support/secrets/cloudSecrets";

/** The components and functions that a program calls first, and the example in the docstring of each. */
const exemplified = [
  "expectPullable",
  "ExternalPullSecret",
  "ImagePullSecret",
  "PrivateDeployment",
  "PrivateWorkloads",
  "pullFailureHooks",
  "pullSecretTransform",
  "withPullSecrets",
];
const examples = exemplified.flatMap((name) => examplesIn(fileOf(name)));

/** The config of a stack file as the engine hands it over, with any password for an encrypted one. */
function asConfig(config: Record<string, unknown>): Record<string, string> {
  const prefix = "kubernetes-private-registry:";
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      assert.ok(key.startsWith(prefix), key);
      const name = key.slice(prefix.length);
      const plain = decrypted(value, name);
      return [name, typeof plain === "string" ? plain : JSON.stringify(plain)];
    }),
  );
}

/** A value with a secret of the right form in place of each encrypted one. */
function decrypted(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => decrypted(item, key));
  }
  return "secure" in value
    ? (secretsByKey[key] ?? "c4n4ry")
    : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decrypted(inner, name)]));
}

const secretsByKey: Record<string, string> = {
  ecrToken: ecrTokenUntil("2999-01-31T00:00:00Z"),
  googleKey: googleKeyOf(),
  dockerConfigJson: '{"auths":{"registry.example.com":{"username":"janedoe","password":"c4n4ry"}}}',
};

/** What a document shows as code: its shell snippets, and what stands between backticks in a line. */
function commandsIn(document: string): string[] {
  const prose = textOf(document).replaceAll(/^ *```.*?^ *```$/gms, "");
  return [
    ...snippetsIn(document)
      .filter(({ language }) => language === "sh")
      .map(({ text }) => text),
    ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code),
  ];
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(document: string): string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("documentation", () => {
  it("has snippets in these languages alone, so that each is checked, but for pictures and output", () => {
    const languages = new Set(snippets.map(({ language }) => language));
    assert.deepEqual([...languages].toSorted(), ["python", "sh", "text", "ts", "yaml"]);
  });

  it("compiles: its TypeScript is that of the package", function () {
    this.timeout(120_000);
    const written = [...snippets, ...examples].filter(({ language }) => language === "ts");
    const wrong = {
      place: "wrong",
      language: "ts",
      text: 'export { None } from "kubernetes-private-registry";',
    };
    const outputs = {
      place: "outputs",
      language: "ts",
      text: `
        import type { Unwrap } from "@pulumi/pulumi";
        import type * as program from "./index";
        import type { RegistryOutputs } from "./${outputsModule()}";
        export function documented(outputs: Unwrap<typeof program>): RegistryOutputs { return outputs; }
        export function complete(outputs: RegistryOutputs): Unwrap<typeof program> { return outputs; }
      `,
    };
    const [app] = snippetsIn("docs/testing.md");
    assert.ok(app);
    assert.deepEqual(typeErrorsIn([...written, { ...app, place: "docs/app" }, outputs, wrong]), [
      `wrong.ts: Module '"kubernetes-private-registry"' has no exported member 'None'.`,
    ]);
  });

  it("has an example in the docstring of each component and function that a program calls first", () => {
    assert.deepEqual(
      examples.map(({ text }) =>
        exemplified.filter((name) => new RegExp(`(new |[ [])${name}\\(`).test(text)),
      ),
      exemplified.map((name) => [name]),
    );
  });

  for (const { place, text } of snippets.filter(({ language }) => language === "yaml")) {
    it(`${place}: YAML that can be read`, () => {
      for (const { errors } of parseAllDocuments(text)) {
        assert.deepEqual(errors, []);
      }
    });

    if (text.startsWith("config:")) {
      it(`${place}: config that the program takes`, () => {
        const [document] = parseAllDocuments(text);
        const { config } = document?.toJS() as { config: Record<string, unknown> };
        const login = '[{"server":"www.3rdregistry.com","username":"janedoe","password":"c4n4ry"}]';
        parseSettings({ registries: login, ...asConfig(config) }, "private-registry");
      });
    }
  }

  for (const { place, text } of snippets.filter(({ language }) => language === "sh")) {
    it(`${place}: commands that bash can read`, () => {
      const script = text.replaceAll(/<[a-z][^<>"$\n]*>/gi, "placeholder");
      const { stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
      assert.equal(stderr, "");
    });
  }

  it("names the version of the official Kubernetes provider that offline/kubernetes builds", () => {
    const [, version = ""] =
      /^require \S+\/provider\/v4 v(\S+)$/m.exec(
        readFileSync(join(root, "offline/kubernetes/go.mod"), "utf8"),
      ) ?? [];
    const named = documents.flatMap((document) => textOf(document).match(/\b4\.0\.0-[\w-]+/g) ?? []);
    assert.deepEqual([...new Set(named)], [version]);
  });

  for (const document of documents) {
    it(`${document}: its targets of make, npm scripts and files are there`, () => {
      const makefile = readFileSync(join(root, "Makefile"), "utf8");
      const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
        scripts: Record<string, string>;
      };
      const missing = commandsIn(document).flatMap((command) => [
        ...[...command.matchAll(/\bmake ([a-z][\w-]*)/g)]
          .filter(([, target = ""]) => !makefile.includes(`\n${target}:`))
          .map(([text]) => text),
        ...[...command.matchAll(/\bnpm run ([\w:-]+)/g)]
          .filter(([, script = ""]) => !(script in scripts))
          .map(([text]) => text),
        ...[
          ...command.matchAll(
            /(?<=^|\s)(?:components|docs|offline|stacks|test|\.github)\/[\w/.-]+\w(?=$|\s)/g,
          ),
        ]
          .filter(([path]) => !existsSync(join(root, path)))
          .map(([path]) => path),
      ]);
      assert.deepEqual(missing, []);
    });

    it(`${document}: its commands of the package are there, and never a stranger's`, () => {
      const main = readFileSync(join(root, "commands/main.ts"), "utf8");
      const wrong = commandsIn(document)
        .flatMap((command) => [
          ...command.matchAll(/\bnpx (\S+ kubernetes-private-registry)(?: ([a-z-]+))?/g),
        ])
        .filter(
          ([, start, name = "plan"]) =>
            start !== "--no kubernetes-private-registry" || !new RegExp(`^ {2}"?${name}"?: `, "m").test(main),
        )
        .map(([text]) => text);
      assert.deepEqual(wrong, []);
      assert.doesNotMatch(commandsIn(document).join("\n"), /\bnpx kubernetes-private-registry/);
    });

    it(`${document}: names this version wherever it names a source of the package`, () => {
      const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
      const sources = commandsIn(document).flatMap((command) => [
        ...[...command.matchAll(/\bpackage add +[^\s#`]+/g)].map(([source]) => source),
        ...[...command.matchAll(/#v\d\S*/g)].map(([tag]) => tag),
        ...[...command.matchAll(/(?<=\/tree\/)v\d[^/\s]*/g)].map(([tag]) => `#${tag}`),
      ]);
      assert.deepEqual(
        sources.filter((source) => !source.endsWith(`@v${version}`) && source !== `#v${version}`),
        [],
      );
    });

    it(`${document}: its links within the repository lead somewhere`, () => {
      const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g)];
      const broken = links
        .filter(([, path = "", anchor = ""]) => {
          const target = path === "" ? document : join(dirname(document), path);
          const isThere = existsSync(join(root, target));
          return !isThere || (anchor !== "" && !anchorsOf(target).includes(anchor));
        })
        .map(([link]) => link);
      assert.deepEqual(broken, []);
    });
  }
});

function fileOf(name: string): string {
  const folder = name === "expectPullable" ? "testing" : "components";
  return `${folder}/${name.charAt(0).toLowerCase()}${name.slice(1)}.ts`;
}

/** The snippet of docs/operations.md that has the types of the program's outputs. */
function outputsModule(): string {
  const snippet = snippetsIn("docs/operations.md").find(({ text }) => text.includes("RegistryOutputs"));
  assert.ok(snippet);
  return snippet.place.replace(":", "-");
}
