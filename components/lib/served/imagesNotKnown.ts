import { containerLists } from "../podImages";
import { isObject } from "../records";
import { notKnown } from "./known";

/** The paths in a pod spec at which an image is not known, or something that may contain one; empty for the pod spec itself. */
export function imagesNotKnown(podSpec: unknown): string[] {
  return [
    ...containerLists.flatMap((list) => pathsIn(podSpec, [list, "[]", "image"])),
    ...pathsIn(podSpec, ["volumes", "[]", "image", "reference"]),
  ].filter((path, index, all) => all.indexOf(path) === index);
}

function pathsIn(value: unknown, [member, ...rest]: string[], path = ""): string[] {
  if (value === notKnown) {
    return [path];
  }
  if (member === "[]") {
    const items: unknown[] = Array.isArray(value) ? value : [];
    return items.flatMap((item, index) => pathsIn(item, rest, `${path}[${index}]`));
  }
  return member !== undefined && isObject(value)
    ? pathsIn(value[member], rest, path === "" ? member : `${path}.${member}`)
    : [];
}
