import { isObject } from "../components/lib/records";

/** Words that Pulumi's YAML reader, or a YAML 1.1 reader, does not read as text. */
const notTexts = /^(?:y|yes|n|no|on|off|true|false|null|nan|inf)$/i;

const plain = /^[A-Za-z](?:[\w./@+=-]|:(?=[\w./@+=-]))*$/;

/** A value on one line, for a list item or after a key, in block or flow style. */
export function yamlInOneLine(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(yamlInOneLine).join(", ")}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${yamlInOneLine(item)}`);
    return `{ ${members.join(", ")} }`;
  }
  return typeof value === "string" ? yamlText(value) : String(value);
}

/** A text that any YAML reader reads as text: in double quotes, unless it is an ordinary word. */
export function yamlText(text: string): string {
  return plain.test(text) && !notTexts.test(text) ? text : quoted(text);
}

/** An object in block style, with a line for each member; nested objects are indented by two spaces. */
export function yamlBlock(value: Record<string, unknown>): string[] {
  return Object.entries(value).flatMap(([key, item]) =>
    isObject(item) && Object.keys(item).length > 0
      ? [`${yamlText(key)}:`, ...yamlBlock(item).map((line) => `  ${line}`)]
      : [`${yamlText(key)}: ${yamlInOneLine(item)}`],
  );
}

/** A list in block style. */
export function yamlBlockList(items: readonly Record<string, unknown>[]): string[] {
  return items.flatMap((item) => yamlBlock(item).map((line, index) => `${index === 0 ? "- " : "  "}${line}`));
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
