import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { csharp, go, membersIn, outputsIn, python, type Syntax } from "./support/docs/exampleNames";

const examples = resolve(__dirname, "../examples");

interface Property {
  type?: string;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
}

interface Schema {
  types: Record<string, { properties?: Record<string, Property>; enum?: { name: string; value: string }[] }>;
  resources: Record<
    string,
    {
      inputProperties: Record<string, Property>;
      requiredInputs: string[];
      properties: Record<string, Property>;
    }
  >;
}

const schema = JSON.parse(readFileSync(join(__dirname, "../plugin/schema.json"), "utf8")) as Schema;
const token = (name: string): string => `kubernetes-private-registry:index:${name}`;

/** The inputs of a component, or the members of a type, whose generated name ends in one more `Args`. */
function membersOf(owner: string): Record<string, Property> | undefined {
  return schema.resources[token(owner)]?.inputProperties ?? schema.types[token(owner)]?.properties;
}

function source(...path: string[]): string {
  return readFileSync(join(examples, ...path), "utf8");
}

/** Everything that the YAML example uses, checked against the schema to its leaves. */
function problemsOf(value: unknown, property: Property, path: string): string[] {
  if (typeof value === "string" && value.startsWith("${")) {
    return [];
  }
  const type = property.$ref === undefined ? undefined : schema.types[property.$ref.replace("#/types/", "")];
  if (type?.enum) {
    return type.enum.some((item) => item.value === value) ? [] : [`${path}: ${String(value)} is no value`];
  }
  if (property.items && Array.isArray(value)) {
    const items = property.items;
    return value.flatMap((item, index) => problemsOf(item, items, `${path}[${index}]`));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => {
      const member = type?.properties?.[key] ?? property.additionalProperties;
      return member ? problemsOf(item, member, `${path}.${key}`) : [`${path}.${key} is not in the schema`];
    });
  }
  const given = Number.isInteger(value) ? "integer" : typeof value;
  return given === property.type ? [] : [`${path} is no ${property.type ?? "object"}`];
}

describe("examples", () => {
  const languages: [folder: string, file: string, syntax: Syntax, leastMembers: number][] = [
    ["python", "__main__.py", python, 16],
    ["go", "main.go", go, 16],
    ["csharp", "Program.cs", csharp, 16],
  ];

  for (const [folder, file, syntax, leastMembers] of languages) {
    it(`${folder}: every member is in the schema`, () => {
      const names = membersIn(source(folder, file), syntax).filter(({ owner }) => membersOf(owner));
      const unknown = names.filter(({ owner, name }) => membersOf(owner)?.[name] === undefined);
      assert.deepEqual(unknown, []);
      assert.ok(names.length >= leastMembers, `only ${names.length} members were found`);
      for (const component of ["ImagePullSecret", "PrivateDeployment"]) {
        const given = names.filter(({ owner }) => owner === component).map(({ name }) => name);
        const required = schema.resources[token(component)]?.requiredInputs ?? [];
        assert.deepEqual(
          required.filter((name) => !given.includes(name)),
          [],
        );
      }
    });
  }

  for (const [folder, file, syntax] of languages) {
    it(`${folder}: every output is in the schema`, () => {
      const names = outputsIn(source(folder, file), syntax);
      const unknown = names.filter(({ owner, name }) => {
        const known = schema.resources[token(owner)]?.properties ?? schema.types[token(owner)]?.properties;
        return known?.[name] === undefined;
      });
      assert.deepEqual(unknown, []);
      assert.ok(names.length >= 3, `only ${names.length} outputs were found`);
    });
  }

  for (const [folder, file, pattern] of [
    ["python", "__main__.py", /\bregistry\.(Rotation|ImagePullPolicy)\.([A-Z_]+)/g],
    ["go", "main.go", /\bregistry\.(Rotation|ImagePullPolicy)([A-Z]\w+)/g],
    ["csharp", "Program.cs", /\b(Rotation|ImagePullPolicy)\.([A-Z]\w+)/g],
    ["java", "src/main/java/myproject/App.java", /\b(Rotation|ImagePullPolicy)\.([A-Z]\w+)/g],
  ] as const) {
    it(`${folder}: names of enum values are in the schema`, () => {
      const used = [...source(folder, file).matchAll(pattern)];
      assert.equal(used.length, 2);
      for (const [, type = "", name] of used) {
        assert.ok(
          schema.types[token(type)]?.enum?.some((item) => nameIn(folder, item.name) === name),
          `${type}.${String(name)}`,
        );
      }
    });
  }

  it("yaml: every property and value is in the schema, and every reference is an output", () => {
    const text = source("yaml", "Pulumi.yaml");
    const { resources } = parse(text) as {
      resources: Record<string, { type: string; properties: Record<string, unknown> }>;
    };
    for (const [name, { type, properties }] of Object.entries(resources)) {
      const component = schema.resources[type.replace(":", ":index:")];
      assert.ok(component, type);
      const problems = Object.entries(properties).flatMap(([key, value]) => {
        const property = component.inputProperties[key];
        return property ? problemsOf(value, property, key) : [`${key} is not in the schema`];
      });
      assert.deepEqual(problems, [], name);
    }
    for (const [, name = "", output = ""] of text.matchAll(/\$\{([\w-]+)\.(\w+)\}/g)) {
      const type = resources[name]?.type.replace(":", ":index:") ?? "";
      assert.ok(schema.resources[type]?.properties[output], `${name}.${output}`);
    }
  });

  it("are the same stack in every language", () => {
    const files = [
      ["typescript", "index.ts"],
      ["python", "__main__.py"],
      ["go", "main.go"],
      ["csharp", "Program.cs"],
      ["java", "src/main/java/myproject/App.java"],
      ["yaml", "Pulumi.yaml"],
    ];
    for (const [folder = "", file = ""] of files) {
      const text = source(folder, file);
      for (const part of [
        "registry-login",
        "www.3rdregistry.com/janedoe/awesomeapp:v1",
        "registryPassword",
        "europe-west1-docker.pkg.dev",
        "googleKey",
        "/ready",
        "128Mi",
      ]) {
        assert.ok(text.includes(part), `${folder} lacks ${part}`);
      }
    }
  });

  it("give the servers apart in every other language, whose first preview knows nothing of a reference", () => {
    for (const [folder, file, pattern] of [
      ["python", "__main__.py", /\bservers=pull_secret\.servers,/],
      ["go", "main.go", /\bServers: +pullSecret\.Servers,/],
      ["csharp", "Program.cs", /\bServers = pullSecret\.Servers,/],
      ["java", "src/main/java/myproject/App.java", /\.servers\(pullSecret\.servers\(\)\)/],
      ["yaml", "Pulumi.yaml", /\bservers: \$\{registry-login\.servers\}/],
    ] as const) {
      assert.match(source(folder, file), pattern);
    }
  });

  it("python: requirements.txt ends with the SDK, as `pulumi install` would write it", () => {
    assert.ok(source("python", "requirements.txt").endsWith("\nsdks/kubernetes-private-registry\n"));
  });

  it("finds a wrong member, so that it would be seen", () => {
    const wrong = source("python", "__main__.py").replace("http_get=", "http_got=");
    const unknown = membersIn(wrong, python).filter(
      ({ owner, name }) => membersOf(owner) && membersOf(owner)?.[name] === undefined,
    );
    assert.deepEqual(unknown, [{ owner: "ProbeArgs", name: "httpGot" }]);
  });
});

/** What a language calls an enum value that the schema names. */
function nameIn(folder: string, name: string): string {
  return folder === "python" ? name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase() : name;
}
