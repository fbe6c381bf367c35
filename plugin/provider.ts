import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { ImagePullSecret, PrivateDeployment, PrivateWorkloads } from "../components";
import schema from "./schema.json";

type Component = new (
  name: string,
  args: never,
  opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/** The components by the last part of their tokens. */
const components = new Map<string, Component>(
  Object.entries({ ImagePullSecret, PrivateDeployment, PrivateWorkloads }),
);

/** The outputs of the components, by token, as the schema has them. */
const outputs = new Map(
  Object.entries(schema.resources).map(([token, { properties }]) => [token, Object.keys(properties)]),
);

/**
 * Makes a component for a program in any language.
 *
 * @throws RunError for a token that is not one of the schema's
 */
function construct(
  name: string,
  token: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<ConstructResult> {
  const Component = components.get(token.replace(`${schema.name}:index:`, ""));
  if (Component === undefined) {
    const known = [...outputs.keys()].join(", ");
    throw new pulumi.RunError(
      `${token} is not a component of ${schema.name} ${schema.version}. Known are: ${known}. Run \`pulumi package add\` with this version.`,
    );
  }
  const component = new Component(name, inputs as never, options);
  const all = new Map<string, unknown>(Object.entries(component));
  const state = Object.fromEntries((outputs.get(token) ?? []).map((output) => [output, all.get(output)]));
  return Promise.resolve({ urn: component.urn, state });
}

/** What the engine asks of a package, answered with the committed schema. */
export const provider: Provider = { version: schema.version, schema: JSON.stringify(schema), construct };
