import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  ExternalPullSecret,
  ImagePullSecret,
  PrivateDeployment,
  PrivateWorkloads,
  pullSecretTransform,
  withPullSecrets,
} from "../../components";
import { runWithMocks } from "../support/mocks";

const image = "registry.example.com/team/web:v1";
const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
const reference = { secretNames: ["regcred"], servers: ["registry.example.com"] };
const probe = { httpGet: { port: 8080 } };

/** An argument by its path, in steps, and a value that is wrong for it. */
type Argument = [path: (string | number)[], wrong: unknown];

const container: Argument[] = [
  [["command"], "run"],
  [["args", 0], 1],
  [["env", "LEVEL"], 1],
  [["imagePullPolicy"], "Sometimes"],
  [["ports", 0, "containerPort"], 0],
  [["resources", "limits", "cpu"], "1 core"],
  [["readinessProbe", "periodSeconds"], -1],
  [["livenessProbe", "httpGet", "port"], "http"],
  [["startupProbe", "failureThreshold"], 0.5],
];
const workload: Argument[] = [
  ...container,
  [["image"], 5],
  [["initContainers", 0, "image"], 5],
  [["replicas"], -1],
  [["allowAnonymous"], "yes"],
  [["labels", "team"], "a b"],
  [["annotations", "note"], 1],
  [["podSpec"], "none"],
];
const logins: Argument[] = [
  [["registries"], "none"],
  [["registries", 0], "none"],
  [["registries", 0, "server"], "https://"],
  [["registries", 0, "username"], "a:b"],
  [["registries", 0, "password"], "a\nb"],
  [["registries", 0, "email"], 5],
  [["registries", 0, "expiresAt"], "soon"],
  [["registries", 0, "namespaces"], "shop"],
  [["registries", 0, "insecure"], "yes"],
  [["registries", 0, "caBundle"], "none"],
  [["previousRegistries"], "none"],
  [["namespace"], "Shop"],
  [["namespaces", "shop"], "Shop"],
  [["secretName"], "Login"],
  [["rotation"], "sometimes"],
  [["expiryWarningDays"], -1],
  [["verify"], "perhaps"],
];

const soundWorkload = {
  image,
  command: ["run"],
  args: ["all"],
  env: { LEVEL: "info" },
  imagePullPolicy: "Always",
  ports: [{ containerPort: 8080 }],
  resources: { limits: { cpu: "1" } },
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
  initContainers: [{ name: "first", image }],
  replicas: 2,
  allowAnonymous: false,
  labels: { team: "a" },
  annotations: { note: "b" },
  podSpec: { hostNetwork: false },
};

interface Subject {
  /** How errors name it. */
  subject: string;
  sound: Record<string, unknown>;
  make: (args: never) => unknown;
  args: Argument[];
  /** What is registered all the same: the component, for its error to be shown. */
  registered: string[];
}

/** A resource whose registration takes longer than any failure: a function has none that the program waits for. */
function registerLate(): void {
  const later = new Promise((resolve) => setTimeout(resolve, 150));
  new pulumi.ComponentResource("test:index:Late", "late", { later });
}

const subjects: Subject[] = [
  {
    subject: 'ExternalPullSecret "login"',
    sound: {
      namespaces: { shop: "shop" },
      secretStoreRef: { name: "vault" },
      logins: [{ server: "registry.example.com", username: "janedoe", passwordFrom: { key: "a" } }],
      refreshInterval: "15m",
    },
    make: (args) => new ExternalPullSecret("login", args),
    args: [
      [["namespaces", "shop"], "Shop"],
      [["secretName"], "Login"],
      [["secretStoreRef"], "vault"],
      [["secretStoreRef", "name"], "Vault"],
      [["logins"], []],
      [["logins", 0], "janedoe"],
      [["logins", 0, "server"], "https://"],
      [["logins", 0, "username"], "jane:doe"],
      [["logins", 0, "passwordFrom"], "a"],
      [["logins", 0, "passwordFrom", "key"], 5],
      [["refreshInterval"], "1d"],
    ],
    registered: ["login"],
  },
  {
    subject: 'ImagePullSecret "login"',
    sound: { registries: [login], namespaces: { shop: "shop" }, rotation: "inPlace" },
    make: (args) => new ImagePullSecret("login", args),
    args: [
      ...logins.filter(([[member]]) => member !== "namespace"),
      [["adopt"], "yes"],
      [["serviceAccounts", "shop", 0], "Runner"],
      [["patchServiceAccounts", "shop", 0], "Runner"],
      [["labels", "team"], "a b"],
      [["annotations", "note"], 1],
    ],
    registered: ["login"],
  },
  {
    subject: 'PrivateDeployment "web"',
    sound: {
      ...soundWorkload,
      pullSecrets: [reference],
      servers: reference.servers,
      serversWithoutSecret: ["quay.io"],
    },
    make: (args) => new PrivateDeployment("web", args),
    args: [
      ...workload,
      [["pullSecrets"], "regcred"],
      [["pullSecrets", 0, "secretNames", 0], "Reg Cred"],
      [["pullSecrets", 0, "servers", 0], "https://"],
      [["servers"], "registry.example.com"],
      [["servers", 0], "https://"],
      [["pullSecrets", 0, "secretNames"], []],
      [["serversWithoutSecret"], "quay.io"],
      [["serversWithoutSecret", 0], "https://"],
      [["namespace"], 5],
    ],
    registered: ["web"],
  },
  {
    subject: 'PrivateWorkloads "apps"',
    sound: {
      registries: [login],
      namespaces: { shop: "shop" },
      rotation: "inPlace",
      serversWithoutSecret: ["quay.io"],
      deployments: { web: soundWorkload, other: { image } },
    },
    make: (args) => new PrivateWorkloads("apps", args),
    args: [
      ...logins.filter(([[member]]) => member !== "namespace"),
      [["createNamespace"], "yes"],
      [["protectNamespaces"], "yes"],
      [["adopt"], "yes"],
      [["serviceAccounts", "shop", 0], "Runner"],
      [["patchServiceAccounts", "shop", 0], "Runner"],
      [["labels", "team"], "a b"],
      [["annotations", "note"], 1],
      [["extraPullSecrets"], "none"],
      [["serversWithoutSecret"], "quay.io"],
      [["serversWithoutSecret", 0], "https://"],
      [["deployments", "web"], "none"],
      [["deployments", "web", "namespace"], "shops"],
      [["deployments", "web", "pinDigest"], "yes"],
      ...workload.map(([path, wrong]): Argument => [["deployments", "web", ...path], wrong]),
    ],
    registered: ["apps"],
  },
  {
    subject: "withPullSecrets",
    sound: { podSpec: { containers: [{ name: "web", image }] }, pullSecret: reference },
    make: ({ podSpec, pullSecret }: { podSpec: never; pullSecret: never }) => {
      registerLate();
      void withPullSecrets(podSpec, pullSecret);
    },
    args: [
      [["podSpec"], "none"],
      [["pullSecret"], "regcred"],
      [["pullSecret", "secretNames", 0], "Reg Cred"],
      [["pullSecret", "servers", 0], "https://"],
      [["pullSecret", "secretNames"], []],
    ],
    registered: ["late"],
  },
  {
    subject: "pullSecretTransform",
    sound: { references: { default: reference }, namespaces: { default: "shop" } },
    make: (args) => {
      registerLate();
      pullSecretTransform(args);
    },
    args: [
      [["references", "default"], "regcred"],
      [["references", "default", "servers"], "registry.example.com"],
      [["namespaces", "default"], 5],
    ],
    registered: ["late"],
  },
];

/** The arguments with another value at a path; creates missing lists and objects along the path. */
function withValue(args: unknown, [key, ...rest]: (string | number)[], value: unknown): unknown {
  if (key === undefined) {
    return value;
  }
  const empty = typeof key === "number" ? [] : {};
  const copy: Record<string | number, unknown> = Object.assign(
    empty,
    args as object,
    key === "patchServiceAccounts" || key === "serviceAccounts" ? { [key]: {} } : {},
  );
  copy[key] = withValue((args as Record<string | number, unknown> | undefined)?.[key], rest, value);
  return copy;
}

function pathText(path: (string | number)[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .slice(1);
}

const ways: Record<string, (wrong: unknown) => unknown> = {
  "a wrong value": (wrong) => wrong,
  "an Output of a wrong value": (wrong) => pulumi.output(wrong),
  "an Output that rejects at once": () => pulumi.output(Promise.reject(new Error("vault is down"))),
  "an Output that rejects after 100 ms": () =>
    pulumi.output(new Promise((_, reject) => setTimeout(reject, 100, new Error("vault is down")))),
  "an exception where it is read": () => ({
    get member() {
      throw new Error("vault is down");
    },
  }),
};

/** All errors of a program, thrown or rejected, and the names of what it has registered. */
async function outcomeOf(make: () => unknown): Promise<{ errors: string[]; registered: string[] }> {
  const thrown: string[] = [];
  const { errors, resources } = await runWithMocks(
    () => {
      try {
        make();
      } catch (error) {
        assert.ok(pulumi.ResourceError.isInstance(error) || pulumi.RunError.isInstance(error));
        assert.equal(error.stack, "");
        thrown.push(error.message);
      }
    },
    { config: { "kubernetes:enableSecretMutable": "true" } },
  );
  return { errors: [...thrown, ...errors], registered: resources.map(({ name }) => name) };
}

for (const { subject, sound, make, args, registered } of subjects) {
  describe(`failing arguments of ${subject}`, () => {
    it("are none of the sound ones", async () => {
      assert.deepEqual((await outcomeOf(() => make(sound as never))).errors, []);
    });

    for (const [path, wrong] of args) {
      it(`${pathText(path)}: one error with this path, and nothing is made`, async () => {
        for (const [way, valueFor] of Object.entries(ways)) {
          const outcome = await outcomeOf(() => make(withValue(sound, path, valueFor(wrong)) as never));
          const [error = "", ...others] = outcome.errors;
          assert.deepEqual(others, [], way);
          assert.ok(error.startsWith(`${subject}: 1 problem\n  ${pathText(path)}`), `${way}: ${error}`);
          assert.deepEqual(outcome.registered, registered, way);
        }
      });
    }
  });
}
