import type * as pulumi from "@pulumi/pulumi";
import type { Generations } from "../lib/secretContents";

/** What PrivateWorkloads has made or found out that its ImagePullSecret can use, beside the arguments that it gives it. */
export interface HandedDown {
  /** Ids of existing Secrets to take over, by namespace key. */
  adoptedIds: Record<string, string>;
  /**
   * The Namespaces, by key. A Secret that waits for the one it is in can take its name from the arguments: then only this
   * Secret waits, and not all that is computed from the names of all namespaces.
   */
  createdNamespaces: Record<string, pulumi.Resource>;
  /** The checked logins. */
  generations: pulumi.Output<Generations>;
}

const handedDown = new WeakMap<pulumi.Resource, HandedDown>();

/** Keeps what a component hands down to its child: schema inference would publish any field or argument of it. */
export function handDown(component: pulumi.Resource, things: HandedDown): void {
  handedDown.set(component, things);
}

/** What the parent hands down; undefined for a component that somebody else has made. */
export function handedDownBy(parent: pulumi.Resource | undefined): HandedDown | undefined {
  return parent && handedDown.get(parent);
}
