import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { parseSettings } from "../components/lib/settings";

const root = resolve(__dirname, "..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).map((file) => join("docs", file)),
].filter((file) => file.endsWith(".md"));

function blocks(document: string, language: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    ([, block = ""]) => block,
  );
}

/** The config of a stack file as the engine hands it over, with any password for an encrypted one. */
function asConfig(config: Record<string, unknown>): Record<string, string> {
  const prefix = "kubernetes-private-registry:";
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      assert.ok(key.startsWith(prefix), key);
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return [key.slice(prefix.length), text.replace(/\{"secure":"v1:\.\.\."\}/g, '"c4n4ry"')];
    }),
  );
}

describe("documentation", () => {
  for (const document of documents) {
    const configs = blocks(document, "yaml").filter((block) => block.startsWith("config:"));
    for (const [index, block] of configs.entries()) {
      it(`${document}: config ${index + 1} is one that the program takes`, () => {
        const { config } = parse(block) as { config: Record<string, unknown> };
        const given = asConfig(config);
        const login = '[{"server":"www.3rdregistry.com","username":"janedoe","password":"c4n4ry"}]';
        parseSettings({ registries: login, ...given }, "private-registry");
      });
    }

    it(`${document}: its links within the repository lead somewhere`, () => {
      const text = readFileSync(join(root, document), "utf8");
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)(#[^)\s]*)?\)/g)].map(
        ([, path = ""]) => path,
      );
      const broken = links.filter((path) => !existsSync(join(root, dirname(document), path)));
      assert.deepEqual(broken, []);
    });
  }
});
