import { isPlainObject } from "../records";

/**
 * A text that holds JSON. A program in Pulumi YAML gets such a text of its config as the object that it holds, whatever type the
 * config declares.
 */
export function jsonTextOf(value: unknown): unknown {
  try {
    return isPlainObject(value) ? JSON.stringify(value) : value;
  } catch {
    // Nested too deeply.
    return value;
  }
}

/** The value of a JSON text; undefined for any other text. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
