import { isDeepStrictEqual } from "node:util";
import { type Document, isCollection, isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import { CommandError } from "./commandError";
import {
  contentEnd,
  type Extent,
  extentOf,
  indented,
  indentOf,
  itemExtent,
  lineEnd,
  notEditable,
  rangeOf,
  withLines,
} from "./yamlPlaces";
import { yamlBlockList, yamlInOneLine, yamlText } from "./yamlText";

/** Keys and indexes from the top of a document. */
export type Path = readonly (string | number)[];

/** The items of a list in a stack file. */
export type Items = readonly Record<string, unknown>[];

/**
 * Parses a stack file.
 *
 * @throws CommandError with the number of the first invalid line, but not its content
 */
export function parseStackYaml(text: string): Document.Parsed {
  const document = parseDocument(text, { keepSourceTokens: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    throw new CommandError(`line ${line} of the stack file is not valid YAML (${error.code}): correct it.`);
  }
  return document;
}

/** Replaces a text in a stack file. Like all edits here, it keeps every other byte. */
export function withText(text: string, path: Path, value: string): string {
  const node = parseStackYaml(text).getIn(path, true);
  const [start, end] = rangeOf(node);
  return verifiedEdit(text, text.slice(0, start) + yamlText(value) + text.slice(end), (document) => {
    document.setIn(path, value);
  });
}

/** Appends objects to a list in a stack file. */
export function withItems(text: string, path: Path, items: Items): string {
  const list = parseStackYaml(text).getIn(path, true);
  const after = isSeq(list) && list.flow !== true ? inNewLines(text, list) : inFlow(text, list, items);
  return verifiedEdit(text, after, (document) => {
    for (const item of items) {
      document.addIn(path, item);
    }
  });

  function inNewLines(text: string, list: object): string {
    return withLines(text, lineEnd(text, contentEnd(list)), indented(yamlBlockList(items), indentOf(list)));
  }
}

/** Appends a new key with a list to the `config` of a stack file. */
export function withList(text: string, key: string, items: Items): string {
  const document = parseStackYaml(text);
  const config = document.get("config", true);
  const lines = [`${yamlText(key)}:`, ...indented(yamlBlockList(items), 2)];
  let after: string;
  if (isMap(config) && config.flow !== true) {
    after = withLines(text, lineEnd(text, contentEnd(config)), indented(lines, indentOf(config)));
  } else if (isMap(config)) {
    after = inFlow(text, config, [{ [key]: items }]);
  } else if (isScalar(config)) {
    after = withLines(text, lineEnd(text, rangeOf(config)[0]), indented(lines, 2));
  } else {
    after = withLines(text, text.length, ["config:", ...indented(lines, 2)]);
  }
  return verifiedEdit(text, after, (expected) => {
    if (!isMap(config)) {
      expected.set("config", expected.createNode({}));
    }
    expected.setIn(["config", key], items);
  });
}

/** Appends a new top-level key with a text to a stack file. */
export function withTopLevelText(text: string, key: string, value: string): string {
  return verifiedEdit(text, withLines(text, text.length, [`${key}: ${yamlText(value)}`]), (document) => {
    document.set(key, value);
  });
}

/**
 * Removes a key or a list item from a stack file, with the comments in its value; a comment at the end of its only line stays.
 */
export function without(text: string, path: Path): string {
  const parent = parseStackYaml(text).getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  let after: string;
  if (isMap(parent)) {
    const index = parent.items.findIndex(({ key }) => isScalar(key) && key.value === last);
    const remove = parent.flow === true ? withoutInFlow : withoutLines;
    after = remove(text, parent.items.map(extentOf), index);
  } else if (isSeq(parent)) {
    const remove = parent.flow === true ? withoutInFlow : withoutItemLines;
    after = remove(text, parent.items.map(itemExtent), Number(last));
  } else {
    throw notEditable();
  }
  return verifiedEdit(text, after, (document) => {
    document.deleteIn(path);
  });
}

/** An item of a list in block style begins with its dash. */
function withoutItemLines(text: string, items: readonly Extent[], index: number): string {
  const [start, end] = placeAt(items, index);
  const dash = text.lastIndexOf("-", start);
  return withoutLines(text, [[dash, end]], 0);
}

function withoutLines(text: string, parts: readonly Extent[], index: number): string {
  const [start, end] = placeAt(parts, index);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const restEnd = lineEnd(text, end);
  const isAlone = text.slice(lineStart, start).trim() === "";
  const isOneLine = !text.slice(start, end).includes("\n");
  if (isOneLine && text.slice(end, restEnd).trim() !== "") {
    return text.slice(0, start) + text.slice(end).trimStart();
  }
  if (isAlone) {
    // If the last line had no line ending, the new last line gets none either.
    const from =
      restEnd === text.length && !text.endsWith("\n") ? text.slice(0, lineStart).trimEnd().length : lineStart;
    return text.slice(0, from) + text.slice(restEnd);
  }
  const next = parts[index + 1];
  return text.slice(0, start) + text.slice(next === undefined ? end : next[0]);
}

function withoutInFlow(text: string, parts: readonly Extent[], index: number): string {
  const [start, end] = placeAt(parts, index);
  const [previous, next] = [parts[index - 1], parts[index + 1]];
  if (next !== undefined) {
    return text.slice(0, start) + text.slice(next[0]);
  }
  return text.slice(0, previous === undefined ? start : previous[1]) + text.slice(end);
}

function placeAt(parts: readonly Extent[], index: number): Extent {
  const part = parts[index];
  if (part === undefined) {
    throw notEditable();
  }
  return part;
}

/** Appends items to a list or map in flow style, before its closing bracket. */
function inFlow(text: string, collection: unknown, items: Items): string {
  if (!isCollection(collection) || collection.flow !== true) {
    throw notEditable();
  }
  const last = collection.items.at(-1);
  const at =
    last === undefined
      ? rangeOf(collection)[0] + 1
      : contentEnd(isPair(last) ? (last.value ?? last.key) : last);
  const written = items.map((item) =>
    isMap(collection) ? yamlInOneLine(item).slice(2, -2) : yamlInOneLine(item),
  );
  return `${text.slice(0, at)}${last === undefined ? "" : ", "}${written.join(", ")}${text.slice(at)}`;
}

/** Compares an edit with the YAML library's own. @throws CommandError if the texts do not mean the same */
function verifiedEdit(before: string, after: string, edit: (document: Document) => void): string {
  const expected = parseStackYaml(before);
  edit(expected);
  try {
    if (isDeepStrictEqual(parseStackYaml(after).toJS(), parseStackYaml(String(expected)).toJS())) {
      return after;
    }
  } catch {
    // No longer valid, or more aliases than the library resolves.
  }
  throw notEditable();
}
