import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import schema from "./schema.json";

type Component = new (
  name: string,
  args: never,
  opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/** The outputs of each component in the schema, by token. */
const outputs = new Map(
  Object.entries(schema.resources).map(([token, { properties }]) => [token, Object.keys(properties)]),
);

/**
 * Creates a component for a program in any language.
 *
 * @throws RunError for a token that is not in the schema
 */
async function construct(
  name: string,
  token: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<ConstructResult> {
  const known = outputs.get(token);
  if (known === undefined) {
    const all = [...outputs.keys()].join(", ");
    throw new pulumi.RunError(
      `${token} is not a component of ${schema.name} ${schema.version}. Expected one of: ${all}. Run \`pulumi package add\` with this version.`,
    );
  }
  const components = await loadComponents();
  const Component = components.get(token.replace(`${schema.name}:index:`, "")) as Component;
  const component = new Component(name, inputs as never, options);
  const made = new Map<string, unknown>(Object.entries(component));
  const state = Object.fromEntries(known.map((output) => [output, made.get(output)]));
  return { urn: component.urn, state };
}

/** The components by the last part of their tokens. Loaded on first use, because often the engine only wants the schema. */
async function loadComponents(): Promise<Map<string, Component>> {
  const { ExternalPullSecret, ImagePullSecret, PrivateDeployment, PrivateWorkloads } =
    await import("../components/index.js");
  return new Map(
    Object.entries({ ExternalPullSecret, ImagePullSecret, PrivateDeployment, PrivateWorkloads }),
  );
}

/** Answers the engine's requests to the package, with the committed schema. */
export const provider: Provider = { version: schema.version, schema: JSON.stringify(schema), construct };
