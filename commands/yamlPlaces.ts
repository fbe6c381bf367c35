import { isCollection, isPair, type Pair } from "yaml";
import { CommandError } from "./commandError";

/** The error for a document that an edit would have to rewrite. */
export function notEditable(): CommandError {
  return new CommandError(
    "the stack file is written in a way that this command can't edit without touching the rest: write its `config` as Pulumi does, a key or list item on each line.",
  );
}

/** Inserts lines at the start of a line, or at the end of the text. */
export function withLines(text: string, at: number, lines: readonly string[]): string {
  const end = /\r?\n/.exec(text)?.[0] ?? "\n";
  const isOpen = at === text.length && at > 0 && !text.endsWith("\n");
  const added = isOpen ? `${end}${lines.join(end)}` : lines.map((line) => `${line}${end}`).join("");
  return text.slice(0, at) + added + text.slice(at);
}

export function indented(lines: readonly string[], spaces: number): string[] {
  return lines.map((line) => " ".repeat(spaces) + line);
}

/** The end, including the line ending, of the line that contains the character before `offset`. */
export function lineEnd(text: string, offset: number): number {
  if (text[offset - 1] === "\n") {
    return offset;
  }
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

/** The end of a node, without the comments that follow. */
export function contentEnd(node: unknown): number {
  if (isCollection(node) && node.flow !== true && node.items.length > 0) {
    const last = node.items.at(-1);
    return contentEnd(isPair(last) ? (last.value ?? last.key) : last);
  }
  return rangeOf(node)[1];
}

/** Where a part of the text begins and ends. */
export type Extent = [start: number, end: number];

export function extentOf({ key, value }: Pair): Extent {
  return [rangeOf(key)[0], contentEnd(value ?? key)];
}

export function itemExtent(item: unknown): Extent {
  return [rangeOf(item)[0], contentEnd(item)];
}

export function rangeOf(node: unknown): Extent {
  const range = (node as { range?: [number, number, number] } | undefined)?.range;
  if (range === undefined) {
    throw notEditable();
  }
  return [range[0], range[1]];
}

export function indentOf(collection: object): number {
  const { srcToken } = collection as { srcToken?: { indent?: number } };
  return srcToken?.indent ?? 0;
}
