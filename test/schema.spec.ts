import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  externalPullSecretShape,
  imagePullSecretShape,
  privateDeploymentShape,
  privateWorkloadsShape,
} from "../components/lib/argumentShapes";
import { languageSchema, type Schema } from "./support/languages/languageSchema";

const committed = resolve(__dirname, "../plugin/schema.json");

/** The names of the members of a type, with what is at them, that are of one kind. */
function membersOfKind(value: unknown, isKind: (inner: object) => boolean, name = ""): string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return [
    ...(isKind(value) ? [name] : []),
    ...Object.entries(value).flatMap(([key, inner]) =>
      membersOfKind(inner, isKind, ["plain", "listOf", "mapOf"].includes(key) ? name : key),
    ),
  ];
}

/** All descriptions. */
function textsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const text = "description" in value && typeof value.description === "string" ? [value.description] : [];
  return [...text, ...Object.values(value).flatMap(textsIn)];
}

describe("the schema that the plugin serves", () => {
  let schema: Schema;

  before(async () => {
    schema = await languageSchema();
    if (process.env["UPDATE_SCHEMA"] !== undefined) {
      writeFileSync(committed, `${JSON.stringify(schema, undefined, 2)}\n`);
    }
  });

  it("is what Pulumi infers: a difference is a change of the public API (UPDATE_SCHEMA=1 writes it)", () => {
    assert.deepEqual(JSON.parse(readFileSync(committed, "utf8")), schema);
  });

  it("has the version of the package", () => {
    const manifest = readFileSync(resolve(__dirname, "../package.json"), "utf8");
    assert.equal(schema.version, (JSON.parse(manifest) as { version: string }).version);
  });

  it("has the four components", () => {
    assert.deepEqual(Object.keys(schema.resources).toSorted(), [
      "kubernetes-private-registry:index:ExternalPullSecret",
      "kubernetes-private-registry:index:ImagePullSecret",
      "kubernetes-private-registry:index:PrivateDeployment",
      "kubernetes-private-registry:index:PrivateWorkloads",
    ]);
  });

  it("has integers, and no other numbers, for what the arguments take as whole numbers", () => {
    const ofType = (type: string) => (inner: object) => "type" in inner && inner.type === type;
    const shapes = [
      externalPullSecretShape,
      imagePullSecretShape,
      privateDeploymentShape,
      privateWorkloadsShape,
    ];
    const integers = new Set(membersOfKind(shapes, (inner) => "integer" in inner));
    assert.deepEqual([...integers].toSorted(), [
      "containerPort",
      "expiryWarningDays",
      "failureThreshold",
      "initialDelaySeconds",
      "periodSeconds",
      "port",
      "replicas",
      "timeoutSeconds",
    ]);
    const inputs = Object.values(schema.resources).map(({ inputProperties }) => inputProperties);
    assert.deepEqual(new Set(membersOfKind([schema.types, inputs], ofType("integer"))), integers);
    const outputs = Object.values(schema.resources).map(({ properties }) => properties);
    assert.deepEqual(membersOfKind(outputs, ofType("integer")), ["readyReplicas"]);
    assert.deepEqual(membersOfKind(schema, ofType("number")), []);
  });

  it("names no property in its texts: each language writes it in another way", () => {
    const owners = [...Object.values(schema.types), ...Object.values(schema.resources)];
    const properties = new Set(
      owners.flatMap((owner) => [
        ...Object.keys(owner.properties ?? {}),
        ...Object.keys("inputProperties" in owner ? owner.inputProperties : {}),
      ]),
    );
    const texts = textsIn(schema);
    const named = texts.flatMap((text) => [
      ...[...text.matchAll(/`(\w+)`/g)].map(([, word = ""]) => word).filter((word) => properties.has(word)),
      // A key of the config, such as kubernetes:enableSecretMutable, is the same in each.
      ...[...text.matchAll(/(?<![\w:])[a-z]+[A-Z]\w*/g)].map(([word]) => word),
    ]);
    assert.ok(texts.length > 50);
    assert.deepEqual(named, []);
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
    assert.equal(enumValues.length, 14);
    const undescribed = [...members, ...enumValues, ...Object.entries(schema.resources)]
      .filter(([, { description = "" }]) => description.length < 10)
      .map(([name]) => name);
    assert.ok(members.length > 50);
    assert.deepEqual(undescribed, []);
  });
});
