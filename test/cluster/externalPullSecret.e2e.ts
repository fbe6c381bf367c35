import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import fc from "fast-check";
import {
  encodeDockerConfigJson,
  ExternalPullSecret,
  type ExternalPullSecretArgs,
  GeneratorKind,
  PrivateDeployment,
  type RegistryLogin,
  SecretStoreKind,
} from "../../components";
import { dockerConfigTemplate } from "../../components/lib/externalSecret";
import { failureOf, messages, steps } from "../support/engine/engine";
import { leaksInFiles, leaksInRun } from "../support/secrets/leaks";
import { get, kubectl, run, setting } from "./support/commands";
import { applyStore, ExternalSecretsOperator } from "./support/operator";
import { newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { pull, pullAnew } from "./support/workload";

const pulled = { pulled: true };
const refreshInterval = "1s";

describe("an ExternalPullSecret", () => {
  const scene = useScene("external");
  let operator: ExternalSecretsOperator;

  before(async () => {
    operator = new ExternalSecretsOperator();
    await operator.start();
  });

  after(() => {
    operator.stop();
  });

  /** A Deployment of an image, with the pull Secret of these arguments. */
  function app(args: ExternalPullSecretArgs, image: string, customTimeouts?: { create: string }): PulumiFn {
    return () => {
      const pullSecret = new ExternalPullSecret("login", { refreshInterval, ...args }, { customTimeouts });
      new PrivateDeployment("app", {
        namespace: args.namespace,
        pullSecrets: [pullSecret.reference],
        image,
        imagePullPolicy: "Always",
      });
      return Promise.resolve();
    };
  }

  const heldIn = (logins: RegistryLogin[]) => Buffer.from(encodeDockerConfigJson(logins)).toString("base64");

  /** Waits until the operator's Secret holds these logins and no others. */
  async function untilSecretHolds(namespace: string, logins: RegistryLogin[]): Promise<void> {
    await kubectl(
      "wait",
      `--namespace=${namespace}`,
      "secret/login",
      `--for=jsonpath={.data.\\.dockerconfigjson}=${heldIn(logins)}`,
      "--timeout=60s",
    );
  }

  it("lets pods pull, and a password changed in the store reaches the next ones without an up; none is in the state", async () => {
    const { registry, stack } = scene;
    const [namespace, { server, username }, image] = await Promise.all([
      scene.namespace(),
      scene.user(registry),
      registry.push("external/app"),
    ]);
    const passwords = [newPassword(), newPassword()].map((password) => `${password}"\\{{ .username0 }}}é%s`);
    const [first, second] = passwords.map((password) => ({ server, username, password })) as [
      RegistryLogin,
      RegistryLogin,
    ];
    const store = (login: RegistryLogin) =>
      applyStore(
        operator,
        { name: "vault", namespace },
        { "registries/a": JSON.stringify(login), user: username },
      );
    await Promise.all([registry.setPassword(first), store(first)]);
    const program = app(
      {
        namespace,
        secretStoreRef: { name: "vault" },
        logins: [
          {
            server,
            usernameFrom: { key: "user" },
            passwordFrom: { key: "registries/a", property: "password" },
          },
        ],
      },
      image,
    );
    const up = await stack.up(program);
    const { type } = await get<types.output.core.v1.Secret>(namespace, "secret/login");
    assert.equal(type, "kubernetes.io/dockerconfigjson");
    await untilSecretHolds(namespace, [first]);
    const { status } = await get<types.output.apps.v1.Deployment>(namespace, "deployment/app");
    assert.equal(status.readyReplicas, 1);

    await Promise.all([registry.setPassword(second), store(second)]);
    await untilSecretHolds(namespace, [second]);
    assert.deepEqual(await pullAnew(namespace, "app"), pulled);
    assert.deepEqual(steps(await stack.preview(program)), []);

    const secrets = Object.fromEntries(passwords.map((password, index) => [`password ${index}`, password]));
    assert.deepEqual([...leaksInRun(up, secrets), ...leaksInFiles(stack.directory, secrets)], []);
  });

  it("fails where the store has no such key, says where and then what the operator says, and goes on once it has", async () => {
    const { registry, stack } = scene;
    const [namespace, { server, username, password }, image] = await Promise.all([
      scene.namespace(),
      scene.user(registry),
      registry.push("external/app"),
    ]);
    const store = { name: "vault", namespace };
    await applyStore(operator, store, { "registries/other": password });
    const args = {
      namespace,
      secretStoreRef: { name: "vault" },
      logins: [{ server, username, passwordFrom: { key: "registries/a" } }],
    };
    const failed = await failureOf(stack.up(app(args, image, { create: "10s" })));
    const command = ["describe", "externalsecret/login", "--namespace", namespace];
    const said = messages(failed, "error").join("\n");
    assert.match(said, /timed out waiting/);
    assert.ok(said.includes(` kubectl ${command.join(" ")} shows why, `), said);
    assert.ok(!steps(failed).includes("create kubernetes:apps/v1:Deployment app"));
    assert.match(
      await kubectl(...command),
      /UpdateFailed .*error processing spec\.data\[0\] \(key: registries\/a\), err: Secret does not exist/,
    );

    const preview = await stack.preview(app(args, image));
    assert.match(
      messages(preview, "warning").join("\n"),
      /External Secrets Operator could not sync the Secret when Pulumi last looked: could not get secret data from provider\./,
    );

    await applyStore(operator, store, { "registries/a": password });
    const up = await stack.up(app(args, image));
    assert.ok(steps(up).includes("create kubernetes:apps/v1:Deployment app"));
    assert.deepEqual(await pullAnew(namespace, "app"), pulled);
  });

  it("takes a whole config.json from the store, and a generator's token, in several namespaces", async () => {
    const { registry, stack } = scene;
    const [a, b, login, image] = await Promise.all([
      scene.namespace(),
      scene.namespace(),
      scene.user(registry),
      registry.push("external/app"),
    ]);
    const name = clusterName();
    const json = JSON.stringify({ auths: { [login.server]: login } });
    await applyStore(operator, { name }, { "docker-config": json });
    const { username, password } = login;
    const generator = {
      apiVersion: "generators.external-secrets.io/v1alpha1",
      kind: "ClusterGenerator",
      metadata: { name },
      spec: { kind: "Fake", generator: { fakeSpec: { data: { username, password } } } },
    };
    await run("kubectl", ["apply", "--filename=-"], JSON.stringify(generator));
    try {
      await stack.up(() => {
        const shared = { namespaces: { a, b }, servers: [login.server] };
        new ExternalPullSecret("whole", {
          ...shared,
          secretStoreRef: { name, kind: SecretStoreKind.ClusterSecretStore },
          dockerConfigJsonFrom: { key: "docker-config" },
        });
        new ExternalPullSecret("token", {
          ...shared,
          generator: { kind: GeneratorKind.ClusterGenerator, name },
        });
        return Promise.resolve();
      });
      const pullIn = (namespace: string, secret: string) =>
        pull(namespace, {
          containers: [{ name: "app", image, imagePullPolicy: "Always" }],
          imagePullSecrets: [{ name: secret }],
        });
      assert.deepEqual(
        await Promise.all([pullIn(a, "whole"), pullIn(b, "whole"), pullIn(a, "token"), pullIn(b, "token")]),
        [pulled, pulled, pulled, pulled],
      );
      await stack.destroy();
      assert.equal(await kubectl("get", "secret/whole", `--namespace=${a}`, "--ignore-not-found"), "");
    } finally {
      await kubectl("delete", "clustergenerator", name);
      await kubectl("delete", "clustersecretstore", name);
    }
  });

  it("serves a namespace that is made and labelled after up, until the label goes", async () => {
    const { registry, stack } = scene;
    const [login, image] = await Promise.all([scene.user(registry), registry.push("external/app")]);
    const name = clusterName();
    const { server, username, password } = login;
    await applyStore(operator, { name }, { password });
    try {
      await stack.up(() => {
        const { reference } = new ExternalPullSecret("login", {
          namespaceSelector: { "example.com/team": name },
          secretName: name,
          secretStoreRef: { name, kind: SecretStoreKind.ClusterSecretStore },
          logins: [{ server, username, passwordFrom: { key: "password" } }],
          refreshInterval,
        });
        return Promise.resolve({ reference });
      });
      assert.deepEqual((await stack.outputs())["reference"]?.value, {
        secretNames: [name],
        servers: [server],
      });

      const namespace = await scene.namespace();
      await kubectl("label", "namespace", namespace, `example.com/team=${name}`);
      await kubectl("wait", `--namespace=${namespace}`, "--for=create", `secret/${name}`, "--timeout=60s");
      const containers = [{ name: "app", image, imagePullPolicy: "Always" }];
      assert.deepEqual(await pull(namespace, { containers, imagePullSecrets: [{ name }] }), pulled);

      await kubectl("label", "namespace", namespace, "example.com/team-");
      await kubectl("wait", `--namespace=${namespace}`, "--for=delete", `secret/${name}`, "--timeout=60s");
    } finally {
      await stack.destroy();
      await kubectl("delete", "clustersecretstore", name);
    }
  });

  it("has a template that the operator renders to what kubectl would write, whatever the login is", async () => {
    const hostile = [
      '"',
      "\\",
      "{{ .password0 }}",
      "}}",
      "%s%d",
      "\n",
      "\t",
      "é",
      "😀",
      "<&>",
      "\u2028",
      ":",
    ];
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary", minLength: 1, maxLength: 1 })),
      minLength: 1,
    });
    const username = text.map((chosen) => chosen.replaceAll(":", ";"));
    const logins = fc.tuple(username, text, username, text);
    await fc.assert(
      fc.asyncProperty(logins, async ([username0, password0, username1, password1]) => {
        const template = dockerConfigTemplate({
          logins: [
            { server: "www.3rdregistry.com", usernameFrom: { key: "a" }, passwordFrom: { key: "b" } },
            { server: "docker.io", username: username1, passwordFrom: { key: "c" } },
          ],
        });
        assert.equal(
          await operator.render(template, { username0, password0, password1 }),
          encodeDockerConfigJson([
            { server: "www.3rdregistry.com", username: username0, password: password0 },
            { server: "https://index.docker.io/v1/", username: username1, password: password1 },
          ]),
        );
      }),
    );
  });

  /** A name for a resource of the whole cluster, which the test takes away. */
  function clusterName(): string {
    return `${setting("E2E_RUN")}-external-${randomBytes(3).toString("hex")}`;
  }
});
