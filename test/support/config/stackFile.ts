import type { Document } from "yaml";

/** Sets or removes a key of the program's config in a stack file. */
export function settingsOf(
  stack: Document,
): (path: [string, ...(string | number)[]], value: unknown) => void {
  return ([key, ...rest], value) => {
    const path = ["config", `kubernetes-private-registry:${key}`, ...rest];
    if (value === undefined) {
      stack.deleteIn(path);
    } else {
      stack.setIn(path, value);
    }
  };
}
