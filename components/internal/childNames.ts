import type * as pulumi from "@pulumi/pulumi";
import { onlyNamespace } from "../lib/placement";

/**
 * The name in Pulumi of what is made in the namespace of a key. That of the key `default` is the one that a single
 * `namespace` gives, so that a stack can go on to several.
 */
export function childName(base: string, key: string, namespaces: object | undefined): string {
  return namespaces === undefined || key === onlyNamespace ? base : `${base}-${key}`;
}

/** What stacks of earlier versions call it. */
export function formerNames(
  base: string,
  key: string,
  namespaces: object | undefined,
  suffix = "",
): pulumi.Alias[] {
  return namespaces !== undefined && key === onlyNamespace ? [{ name: `${base}-${key}${suffix}` }] : [];
}
