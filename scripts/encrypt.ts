import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { CommandError } from "./commandError";
import { pulumi } from "./pulumi";
import { parseStackYaml, withTopLevelText } from "./stackYaml";

const providerKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/**
 * Encrypts texts for the stack without touching its file: `pulumi config set` runs on a temporary file, since it would
 * rewrite the whole file without its line endings and blank lines.
 *
 * @param text the stack file
 * @returns the encrypted texts, and the stack file, with a new salt if it had none
 */
export async function encrypt(
  stack: string,
  text: string,
  values: readonly string[],
  project: string,
): Promise<{ text: string; secure: string[] }> {
  const provider = Object.fromEntries(
    providerKeys.flatMap((key) => {
      const value = parseStackYaml(text).get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), `${project}-`));
  try {
    const file = join(folder, "Pulumi.yaml");
    writeFileSync(file, stringify(provider));
    const secure: string[] = [];
    for (const value of values) {
      await pulumi(
        stack,
        ["config", "set", "--config-file", file, "--secret", `${project}:encrypted`],
        value,
      );
      secure.push(encryptedIn(file, project));
    }
    return { text: withProvider(text, parse(readFileSync(file, "utf8")) as Record<string, unknown>), secure };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function encryptedIn(file: string, project: string): string {
  const secure = parseStackYaml(readFileSync(file, "utf8")).getIn([
    "config",
    `${project}:encrypted`,
    "secure",
  ]);
  if (typeof secure !== "string") {
    throw new CommandError("pulumi config set has encrypted nothing.");
  }
  return secure;
}

function withProvider(text: string, provider: Record<string, unknown>): string {
  const document = parseStackYaml(text);
  return providerKeys.reduce((written, key) => {
    const value = provider[key];
    return typeof value === "string" && !document.has(key) ? withTopLevelText(written, key, value) : written;
  }, text);
}
