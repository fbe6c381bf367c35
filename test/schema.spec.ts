import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import * as components from "../components";

const root = resolve(__dirname, "..");
const committed = resolve(__dirname, "schema.json");

interface Described {
  description?: string;
}

interface Schema {
  types: Record<string, { properties?: Record<string, Described>; enum?: (Described & { name: string })[] }>;
  resources: Record<
    string,
    Described & { inputProperties: Record<string, Described>; properties: Record<string, Described> }
  >;
}

/** What Pulumi infers from the components for all languages, the way its plugin host does. */
async function inferSchema(): Promise<Schema> {
  const provider = new ComponentProvider({
    name: "kubernetes-private-registry",
    dirname: root,
    components: getPulumiComponents(components),
  });
  return JSON.parse(await provider.getSchema()) as Schema;
}

describe("the schema that Pulumi infers", () => {
  let schema: Schema;

  before(async () => {
    schema = await inferSchema();
    if (process.env["UPDATE_SCHEMA"] !== undefined) {
      writeFileSync(committed, `${JSON.stringify(schema, undefined, 2)}\n`);
    }
  });

  it("is the committed one: a difference is a change of the public API (UPDATE_SCHEMA=1 writes it)", () => {
    assert.deepEqual(schema, JSON.parse(readFileSync(committed, "utf8")));
  });

  it("has the three components", () => {
    assert.deepEqual(Object.keys(schema.resources).toSorted(), [
      "kubernetes-private-registry:index:ImagePullSecret",
      "kubernetes-private-registry:index:PrivateDeployment",
      "kubernetes-private-registry:index:PrivateWorkloads",
    ]);
  });

  it("has no plain objects, for which the SDK that Pulumi generates for Go lacks the type", () => {
    const inputs = Object.values(schema.resources).map(({ inputProperties }) => inputProperties);
    const found = JSON.stringify([schema.types, inputs]).match(/\{"\$ref":"[^"]*Args","plain":true/g);
    assert.equal(found, null);
  });

  it("describes every component, argument, output, member and enum value", () => {
    const members = [
      ...Object.entries(schema.types).map(([token, { properties }]) => [token, properties] as const),
      ...Object.entries(schema.resources).flatMap(([token, { inputProperties, properties }]) => [
        [token, inputProperties] as const,
        [token, properties] as const,
      ]),
    ].flatMap(([token, properties]) =>
      Object.entries(properties ?? {}).map(([member, value]) => [`${token}.${member}`, value] as const),
    );
    const enumValues = Object.entries(schema.types).flatMap(([token, { enum: values = [] }]) =>
      values.map((value) => [`${token}.${value.name}`, value] as const),
    );
    assert.equal(enumValues.length, 8);
    const undescribed = [...members, ...enumValues, ...Object.entries(schema.resources)]
      .filter(([, { description = "" }]) => description.length < 10)
      .map(([name]) => name);
    assert.ok(members.length > 50);
    assert.deepEqual(undescribed, []);
  });
});
