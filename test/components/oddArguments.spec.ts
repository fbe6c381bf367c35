import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  ImagePullSecret,
  PrivateDeployment,
  PrivateWorkloads,
  pullSecretTransform,
  withPullSecrets,
} from "../../components";
import { inputsOf, runWithMocks, secretOf } from "../support/mocks";

const image = "registry.example.com/team/web:v1";
const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
const reference = { secretNames: ["regcred"], servers: ["registry.example.com"] };
const podSpec = { containers: [{ name: "web", image }] };

type Args = Record<string, unknown>;
type Program = () => unknown;

const secret =
  (args: Args): Program =>
  () =>
    new ImagePullSecret("s", { registries: [login], ...args });
const deployment =
  (args: Args): Program =>
  () =>
    new PrivateDeployment("d", { pullSecrets: [reference], image, ...args });
const workloads =
  (args: Args, web: Args = {}): Program =>
  () =>
    new PrivateWorkloads("w", {
      registries: [login],
      deployments: { web: { image, ...web } },
      ...args,
    });
const pod =
  (spec: unknown, pullSecret: unknown): Program =>
  () => {
    registerLate();
    return new k8s.core.v1.Pod("p", { spec: withPullSecrets(spec as never, pullSecret as never) });
  };
const transform =
  (args: unknown): Program =>
  () => {
    registerLate();
    return pullSecretTransform(args as never);
  };

const [secretKey = ""] = Object.keys(secretOf(1));

/** A resource whose registration takes longer than any failure: a function has none that the program waits for. */
function registerLate(): void {
  const later = new Promise((resolve) => setTimeout(resolve, 150));
  new pulumi.ComponentResource("test:index:Late", "late", { later });
}

/** All errors of a program, thrown or rejected, each without a stack. */
async function errorsOf(program: Program): Promise<string[]> {
  const thrown: string[] = [];
  const { errors } = await runWithMocks(() => {
    try {
      program();
    } catch (error) {
      assert.ok(pulumi.ResourceError.isInstance(error) || pulumi.RunError.isInstance(error), String(error));
      assert.equal(error.stack, "");
      thrown.push(error.message);
    }
  });
  return [...thrown, ...errors];
}

function errorsAre(cases: Record<string, [program: Program, error: string]>): void {
  for (const [what, [program, error]] of Object.entries(cases)) {
    it(what, async () => {
      assert.deepEqual(await errorsOf(program), [error]);
    });
  }
}

function areSound(cases: Record<string, Program>): void {
  for (const [what, program] of Object.entries(cases)) {
    it(what, async () => {
      assert.deepEqual(await errorsOf(program), []);
    });
  }
}

const rejected = (error: unknown): pulumi.Output<string> =>
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- programs reject with anything
  pulumi.output(Promise.reject<string>(error));
/** An instance of a class of the user's own. */
const ofClass = (members: Args): object =>
  Object.assign(Object.create({ method: () => 1 }) as object, members);
const nothing = (): pulumi.Output<unknown> => pulumi.output<unknown>(undefined);
const unreadable = {
  get message(): string {
    throw new Error("no message");
  },
};

describe("an Output that rejects with what is hardly an error", () => {
  const told = (reason: string): string =>
    `PrivateWorkloads "w": 1 problem\n  deployments.web.image: could not be resolved: ${reason}`;
  const withImage = (error: unknown): Program => workloads({}, { image: rejected(error) });
  const noMessage = told("an error whose message can't be read");
  const circular = new Error("in a circle");
  circular.cause = circular;
  errorsAre({
    text: [withImage("vault is down"), told("vault is down")],
    undefined: [withImage(undefined), told("undefined")],
    "a symbol": [withImage(Symbol("down")), told("Symbol(down)")],
    "an object without a text": [withImage(Object.create(null)), noMessage],
    "a message that can't be read": [withImage(unreadable), noMessage],
    "its own cause": [withImage(circular), told("in a circle")],
    "several lines and a colour": [
      withImage(new Error("vault\r\n  is <{%fg 1%}> down")),
      told("vault is <{\\u0025fg 1\\u0025}> down"),
    ],
    "a megabyte": [withImage(new Error("x".repeat(1e6))), told(`${"x".repeat(2000)}...`)],
  });
});

describe("an error that several arguments fail with", () => {
  it("is told once within a component", async () => {
    const [error = "", ...others] = await errorsOf(() => {
      const tag = rejected(new Error("vault is down"));
      const images = Array.from({ length: 20 }, (_, index) => [
        `d${index}`,
        { image: pulumi.interpolate`registry.example.com/web:${tag}`, env: { TAG: tag } },
      ]);
      workloads({ deployments: Object.fromEntries(images) as Args })();
    });
    assert.deepEqual(others, []);
    assert.match(error, /^PrivateWorkloads "w": 1 problem\n {2}deployments\.d\d+\..*: vault is down$/);
  });

  it("is told once for all components, and again in another run of the program", async () => {
    const fault = new Error("vault is down");
    const program = (): void => {
      const tag = rejected(fault);
      deployment({ image: tag })();
      secret({ namespace: tag })();
    };
    const told = ['PrivateDeployment "d": 1 problem\n  image: could not be resolved: vault is down'];
    assert.deepEqual(await errorsOf(program), told);
    assert.deepEqual(await errorsOf(program), told);
  });

  errorsAre({
    "in a Promise of a list": [
      deployment({ args: Promise.resolve([rejected(new Error("vault is down"))]) }),
      'PrivateDeployment "d": 1 problem\n  args: could not be resolved: vault is down',
    ],
    "in a Promise of logins": [
      secret({
        registries: Promise.resolve([{ ...login, password: rejected(new Error("vault is down")) }]),
      }),
      'ImagePullSecret "s": 1 problem\n  registries: could not be resolved: vault is down',
    ],
  });
});

describe("arguments that can't be read", () => {
  const circle: Args = {};
  Object.assign(circle, { one: circle, other: circle });
  const circular = (path: string): string =>
    ["one", "other"].map((key) => `\n  ${path}.${key}: refers to an object that contains it.`).join("");
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const trap = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error("no keys");
      },
    },
  );
  const failing = (): unknown =>
    Object.defineProperty(ofClass({}), "member", {
      enumerable: true,
      get() {
        throw new Error("vault is down");
      },
    });
  let deep: Args = {};
  for (let level = 0; level < 5000; level++) {
    deep = { a: deep };
  }
  errorsAre({
    "a circle": [deployment({ podSpec: circle }), `PrivateDeployment "d": 2 problems${circular("podSpec")}`],
    "a circle in a workload": [
      workloads({}, { podSpec: circle }),
      `PrivateWorkloads "w": 2 problems${circular("deployments.web.podSpec")}`,
    ],
    "a circle of logins": [
      secret({ registries: circle }),
      `ImagePullSecret "s": 2 problems${circular("registries")}`,
    ],
    "a circle, resolved": [
      deployment({ podSpec: Promise.resolve(circle) }),
      'PrivateDeployment "d": 1 problem\n  podSpec: could not be resolved: Cannot create an Output from a circular structure',
    ],
    "very deep ones": [
      deployment({ podSpec: deep }),
      `PrivateDeployment "d": 1 problem\n  podSpec${".a".repeat(64)}: is nested deeper than 64 levels.`,
    ],
    "a revoked Proxy": [
      deployment({ podSpec: revoked }),
      `PrivateDeployment "d": 1 problem\n  podSpec: could not be read: Cannot perform 'get' on a proxy that has been revoked`,
    ],
    "a Proxy without keys": [
      deployment({ env: trap }),
      'PrivateDeployment "d": 1 problem\n  env: could not be read: no keys',
    ],
    "an instance of a class": [
      secret({ labels: failing() }),
      'ImagePullSecret "s": 1 problem\n  labels.member: could not be read: vault is down',
    ],
    "a login of a class": [
      secret({ registries: [failing()] }),
      'ImagePullSecret "s": 1 problem\n  registries[0].member: could not be read: vault is down',
    ],
    "no arguments": [
      () => new ImagePullSecret("s", undefined as never),
      'ImagePullSecret "s": 1 problem\n  arguments: is nothing: give a plain object.',
    ],
    "all arguments in an Output": [
      () => new PrivateWorkloads("w", rejected(new Error("vault is down")) as never),
      'PrivateWorkloads "w": 1 problem\n  arguments: is an Output: give a plain object.',
    ],
    "all arguments in a Proxy without keys": [
      () => new PrivateDeployment("d", trap as never),
      'PrivateDeployment "d": 1 problem\n  arguments: could not be read: no keys',
    ],
    "no arguments of withPullSecrets": [
      pod(undefined, undefined),
      "withPullSecrets: 2 problems\n  podSpec: is missing.\n  pullSecret: is missing.",
    ],
    "those of pullSecretTransform": [
      transform({
        get references() {
          throw new Error("vault is down");
        },
        namespaces: {},
      }),
      "pullSecretTransform: 1 problem\n  references: could not be read: vault is down",
    ],
  });

  it("none of pullSecretTransform", async () => {
    const [error = "", ...others] = await errorsOf(transform(undefined));
    assert.deepEqual(others, []);
    assert.match(error, /^pullSecretTransform: 2 problems\n {2}references: could not be read: /);
  });
});

describe("values that no manifest can hold", () => {
  errorsAre(
    Object.fromEntries(
      (
        [
          ["a function", () => 1],
          ["a bigint", 1n],
          ["a symbol", Symbol("a")],
          ["NaN", Number.NaN],
          ["an object of type Date", new Date(0)],
          ["an object of type Map", new Map()],
        ] as const
      ).map(([kind, value]) => [
        `${kind} in podSpec`,
        [
          deployment({ podSpec: { tolerations: [{ key: value }] } }),
          `PrivateDeployment "d": 1 problem\n  podSpec.tolerations[0].key: is ${kind}: give an object, a list, a string, a number or a boolean.`,
        ],
      ]),
    ),
  );
  errorsAre({
    "a Map as env": [
      deployment({ env: new Map([["LEVEL", "info"]]) }),
      'PrivateDeployment "d": 1 problem\n  env: is an object of type Map: give an object.',
    ],
    "a Map as deployments": [
      workloads({ deployments: new Map() }),
      'PrivateWorkloads "w": 1 problem\n  deployments: is an object of type Map: give an object.',
    ],
  });
});

describe("an Output of undefined", () => {
  const missing = (subject: string, path: string): string => `${subject}: 1 problem\n  ${path}: is missing.`;
  areSound({
    "for what may be left out of a Deployment": deployment(
      Object.fromEntries(
        [
          "command",
          "args",
          "env",
          "imagePullPolicy",
          "ports",
          "resources",
          "readinessProbe",
          "initContainers",
          "replicas",
          "allowAnonymous",
          "labels",
          "annotations",
          "podSpec",
          "servers",
          "serversWithoutSecret",
          "namespace",
        ].map((member) => [member, nothing()]),
      ),
    ),
    "for what may be left out of a Secret": secret({
      namespace: nothing(),
      labels: nothing(),
      annotations: nothing(),
    }),
    "for what may be left out of workloads": workloads(
      { extraPullSecrets: nothing(), serversWithoutSecret: nothing(), namespace: nothing() },
      { env: nothing(), podSpec: nothing() },
    ),
    "for members of what an Output holds": deployment({
      readinessProbe: pulumi.output({ httpGet: { port: 80, path: undefined }, tcpSocket: undefined }),
      resources: pulumi.output({ requests: undefined, limits: { cpu: "1", memory: undefined } }),
    }),
  });
  errorsAre({
    "for the pull Secrets of a Deployment": [
      deployment({ pullSecrets: nothing() }),
      missing('PrivateDeployment "d"', "pullSecrets"),
    ],
    "for logins": [secret({ registries: nothing() }), missing('ImagePullSecret "s"', "registries")],
    "for previous logins of a Secret, which make a second one": [
      secret({ previousRegistries: nothing() }),
      missing('ImagePullSecret "s"', "previousRegistries"),
    ],
    "for previous logins of workloads": [
      workloads({ previousRegistries: nothing() }),
      missing('PrivateWorkloads "w"', "previousRegistries"),
    ],
    "for a pod spec": [pod(nothing(), reference), missing("withPullSecrets", "podSpec")],
    "for the servers of a reference": [
      pod(podSpec, { secretNames: ["regcred"], servers: nothing() }),
      missing("withPullSecrets", "pullSecret.servers"),
    ],
    "for references": [
      transform({ references: nothing(), namespaces: {} }),
      missing("pullSecretTransform", "references"),
    ],
  });
});

describe("sound arguments of unusual kinds", () => {
  const later = { ...reference, stableNames: true };
  areSound({
    "a reference of a later version": deployment({ pullSecrets: [later] }),
    "a reference of a later version, in an Output": deployment({ pullSecrets: pulumi.output([later]) }),
    "a reference of a later version, of a function": pod(podSpec, later),
    "references of a later version": transform({
      references: { default: later },
      namespaces: { default: "shop" },
    }),
    "instances of classes": deployment({ env: ofClass({ LEVEL: "info", TAG: pulumi.output("a") }) }),
    "a login of a class": secret({
      registries: [ofClass({ ...login, password: pulumi.output("pw") })],
    }),
    "quantities of all notations": deployment({
      resources: {
        requests: { a: "1e3", b: "0.5Gi", c: "+1", d: ".5", e: "5.", f: "1E", g: "1e-3", h: "100n" },
      },
    }),
    "frozen ones": deployment(Object.freeze({ env: Object.freeze({ LEVEL: "info" }) })),
    "empty values and Outputs of each": deployment({
      ports: [{ containerPort: pulumi.output(80), name: pulumi.output("http") }],
      replicas: pulumi.output(0),
      env: { EMPTY: "", LATER: pulumi.output("") },
      annotations: { "example.com/note": "any text\n漢" },
      labels: { empty: "" },
      startupProbe: pulumi.output({ httpGet: { port: 80, scheme: "HTTPS" }, periodSeconds: 0 }),
    }),
  });

  it("keep what is secret a secret, and are not changed", async () => {
    const args = { env: { TOKEN: pulumi.secret("t0ken") }, podSpec: pulumi.secret({ nodeName: "n0de" }) };
    const outcome = await runWithMocks(deployment(args));
    assert.deepEqual(Object.keys(args), ["env", "podSpec"]);
    const { d } = inputsOf(outcome, "kubernetes:apps/v1:Deployment");
    const { [secretKey]: mark, value } = (d as { spec: Args }).spec;
    assert.equal(mark, Object.values(secretOf(1))[0]);
    assert.match(JSON.stringify(value), /"name":"TOKEN","value":"t0ken"/);
  });
});
