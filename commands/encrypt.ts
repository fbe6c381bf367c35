import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { CommandError } from "./commandError";
import { pulumi } from "./pulumi";
import type { Stack } from "./stack";
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
  { name, project }: Stack,
  text: string,
  values: readonly string[],
): Promise<{ text: string; secure: string[] }> {
  const provider = Object.fromEntries(
    providerKeys.flatMap((key) => {
      const value = parseStackYaml(text).get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), `${project.name}-`));
  const key = `${project.name}:encrypted`;
  try {
    const file = join(folder, "Pulumi.yaml");
    writeFileSync(file, stringify(provider));
    const secure: string[] = [];
    for (const value of values) {
      const args = ["config", "set", "--config-file", file, "--secret", key, "--stack", name];
      await pulumi(project, args, value);
      secure.push(encryptedIn(file, key));
    }
    return { text: withProvider(text, parse(readFileSync(file, "utf8")) as Record<string, unknown>), secure };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws CommandError if nothing can be encrypted for the stack: a wrong passphrase, a key that may not be used, no such stack */
export async function checkEncryption(stack: Stack, text: string): Promise<void> {
  await encrypt(stack, text, ["a text to try the key with"]);
}

function encryptedIn(file: string, key: string): string {
  const secure = parseStackYaml(readFileSync(file, "utf8")).getIn(["config", key, "secure"]);
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
