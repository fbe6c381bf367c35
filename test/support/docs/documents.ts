import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(__dirname, "../../..");

/** All Markdown files of the repository, with paths from its root. */
export const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n");

/** A fenced block of a document. */
export interface Snippet {
  /** Where it is, such as `README.md:36`. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

export function textOf(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

/** The fenced blocks of a document, those in lists without their indentation. */
export function snippetsIn(document: string): Snippet[] {
  return blocksIn(document, textOf(document));
}

/** The examples in the docstrings of a source file. */
export function examplesIn(file: string): Snippet[] {
  const lines = textOf(file).split("\n");
  return blocksIn(file, lines.map((line) => (line.startsWith(" * ") ? line.slice(3) : "")).join("\n"));
}

function blocksIn(document: string, text: string): Snippet[] {
  return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map((match) => {
    const [, indentation = "", language = "", block = ""] = match;
    return {
      place: `${document}:${text.slice(0, match.index).split("\n").length}`,
      language,
      text: block.replaceAll(new RegExp(`^${indentation}`, "gm"), ""),
    };
  });
}

export const snippets = documents.flatMap(snippetsIn);
