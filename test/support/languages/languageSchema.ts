import { resolve } from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import * as components from "../../../components";

export interface Described {
  description?: string;
}

export interface ObjectType {
  properties?: Record<string, Described>;
  enum?: (Described & { name: string })[];
}

/** What other languages know of the package. */
export interface Schema {
  name: string;
  version: string;
  types: Record<string, ObjectType>;
  resources: Record<
    string,
    Described & { inputProperties: Record<string, Described>; properties: Record<string, Described> }
  >;
}

/**
 * The schema that the plugin serves: what Pulumi infers from the components, with integers for numbers. TypeScript has one
 * type for both, and the shapes of the arguments (`components/lib/shape.ts`) know no number but a whole one.
 */
export async function languageSchema(): Promise<Schema> {
  const provider = new ComponentProvider({
    name: "kubernetes-private-registry",
    dirname: resolve(__dirname, "../../.."),
    components: getPulumiComponents(components),
  });
  return JSON.parse(await provider.getSchema(), (key, value: unknown) =>
    key === "type" && value === "number" ? "integer" : value,
  ) as Schema;
}
