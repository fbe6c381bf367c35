import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import {
  ExternalPullSecret,
  ImagePullSecret,
  PrivateDeployment,
  type PrivateDeploymentArgs,
  PrivateWorkloads,
  type PrivateWorkloadsArgs,
  pullSecretTransform,
} from "../../components";
import { broken, nodesIn, pathOf } from "../support/config/brokenConfigs";
import { runWithMocks, secretOf, valueOf } from "../support/mocks";
import { type ConfigValues, soundConfig } from "../support/config/soundConfig";

/** Words that the CLI takes for colours, that a terminal obeys or does not show, and that look like a message. */
const word = "<{%x%}>x%}>\u001b]0;x\u0007\u009b2J\u007f\u0000\u202ex\u200b\u2028\ufeff\ud83dx\nerror: y\r";

const settings = without(soundConfig, "workloads", "renderTo", "rolloutTimeout", "verify");
const { web, job } = soundConfig["workloads"] as Record<"web" | "job", ConfigValues>;
const pullSecrets = [{ secretNames: ["pull"], servers: ["registry.example.com"] }];

/** Sound arguments of what reads some, by what it is. */
const programs: Record<string, [args: ConfigValues, program: (args: ConfigValues) => unknown]> = {
  PrivateWorkloads: [
    { ...settings, deployments: { web: without(web, "port"), job } },
    (args) => new PrivateWorkloads("w", args as unknown as PrivateWorkloadsArgs),
  ],
  ImagePullSecret: [
    {
      registries: settings["registries"],
      previousRegistries: settings["previousRegistries"],
      namespaces: settings["namespaces"],
      adopt: true,
      rotation: "inPlace",
      secretName: "pull",
      serviceAccounts: { shop: ["puller"] },
    },
    (args) => new ImagePullSecret("s", args),
  ],
  ExternalPullSecret: [
    {
      namespaces: { a: "shop" },
      secretName: "pull",
      secretStoreRef: { name: "vault", kind: "SecretStore" },
      logins: [
        {
          server: "registry.example.com",
          usernameFrom: { key: "user" },
          passwordFrom: { key: "password", property: "p" },
        },
      ],
      refreshInterval: "15m",
    },
    (args) => new ExternalPullSecret("e", args),
  ],
  PrivateDeployment: [
    { ...without(web, "port", "namespace", "pinDigest"), pullSecrets, servers: ["registry.example.com"] },
    (args) => new PrivateDeployment("d", args as unknown as PrivateDeploymentArgs),
  ],
  pullSecretTransform: [
    {
      namespaces: { a: "shop" },
      references: { a: pullSecrets[0] },
      image: "registry.example.com/a:v1",
      namespace: "x",
    },
    ({ image, namespace, ...of }) =>
      new k8s.core.v1.Pod(
        "p",
        {
          metadata: { namespace: namespace as string },
          spec: { containers: [{ name: "c", image: image as string }] },
        },
        { transforms: [pullSecretTransform(of as never)] },
      ),
  ],
};

function without(values: ConfigValues, ...members: string[]): ConfigValues {
  return Object.fromEntries(Object.entries(values).filter(([member]) => !members.includes(member)));
}

interface Printed {
  messages: string[];
  /** Inputs of the components, which the CLI shows with `--diff` whatever is wrong with them. */
  inputs: string;
}

const [secretSignature = ""] = Object.keys(secretOf(""));

function withoutSecrets(_: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && secretSignature in value ? "[secret]" : value;
}

async function printedBy(program: () => unknown): Promise<Printed> {
  try {
    const { errors, warnings, infos, resources } = await runWithMocks(program, {
      config: { "kubernetes:enableSecretMutable": "true" },
    });
    const components = resources.filter(({ type }) => type.startsWith("kubernetes-private-registry:"));
    return {
      messages: [...errors, ...warnings, ...infos],
      inputs: JSON.stringify(components, withoutSecrets),
    };
  } catch (error) {
    return { messages: [(error as Error).message], inputs: "" };
  }
}

describe("what is printed of arguments with hostile words", () => {
  let printed = 0;

  for (const [title, [args, program]] of Object.entries(programs)) {
    const places = nodesIn(args).filter(({ value }) => ["string", "object"].includes(typeof value));
    it(`by ${title}, at each of ${places.length} places, is printable`, async () => {
      for (const { place, value } of places) {
        const member = Array.isArray(value) ? word : { ...(value as object), [word]: word };
        const other = typeof value === "string" ? value.replace(/[^/]*$/, (end) => `${word}${end}`) : member;
        const { messages, inputs } = await printedBy(() => program(broken(args, place, other)));
        printed += messages.length;
        assert.doesNotMatch(inputs, /<\{%|%\}>/, pathOf(place));
        for (const message of messages) {
          assert.doesNotMatch(message, /<\{%|%\}>|(?!\n)\p{C}|\p{Zl}|\p{Zp}/u, pathOf(place));
          assert.doesNotMatch(message, /^error: y/m, pathOf(place));
        }
      }
    });
  }

  it("are no outputs of a PrivateDeployment", async () => {
    const image = "registry.example.com/<{%x%}>:v1";
    const { value } = await runWithMocks(() => new PrivateDeployment("d", { image, pullSecrets }));
    await assert.rejects(valueOf(value.image), /is not an image reference/);
  });

  it("is many messages", () => {
    assert.ok(printed > 50, String(printed));
  });
});

describe("what the package gives to the engine's log, and its errors", () => {
  const root = resolve(__dirname, "../..");
  const filesOf = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));
  const files = ["index.ts", ...filesOf("components"), ...filesOf("program")].filter((file) =>
    file.endsWith(".ts"),
  );
  const saying = /(?:pulumi\.log\.\w+|new pulumi\.(?:Run|Resource)Error)\(\s*(\S+)/g;
  const safe = /^(?:printable|printableLine|describeProblems)\(|^"|^error\.message\)|^message[,)]/;

  for (const file of files) {
    const found = [...readFileSync(join(root, file), "utf8").matchAll(saying)];
    if (found.length > 0) {
      it(`is printable: ${found.length} of ${file}`, () => {
        assert.deepEqual(
          found.map(([, argument = ""]) => argument).filter((argument) => !safe.test(argument)),
          [],
        );
      });
    }
  }
});
