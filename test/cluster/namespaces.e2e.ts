import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  decodeDockerConfigJson,
  ImagePullSecret,
  PrivateWorkloads,
  type RegistryCredentialArgs,
} from "../../components";
import { get, kubectl } from "./support/commands";
import { loginConfig } from "./support/registry";
import { useScene } from "./support/scene";
import { helloSettings, pull } from "./support/workload";

const pulled = { pulled: true };

describe("pull Secrets in several namespaces", () => {
  const scene = useScene("namespaces");

  const registries = () => new Config().requireSecretObject<RegistryCredentialArgs[]>("registries");

  async function secretName(): Promise<string> {
    return String((await scene.stack.outputs())["secretName"]?.value);
  }

  it("come and go with their namespace and its workload, and no other is touched", async () => {
    const { registry, stack } = scene;
    const [login, image] = await Promise.all([scene.user(registry), registry.push("namespaces/app")]);
    await stack.setConfig(loginConfig("registries", [login]));
    const [a, b, c] = [scene.namespaceName(), scene.namespaceName(), scene.namespaceName()];
    const shopIn =
      (namespaces: Record<string, string>): PulumiFn =>
      () => {
        const deployments = Object.fromEntries(
          Object.keys(namespaces).map((key) => [
            `app-${key}`,
            { ...helloSettings, env: { DRAIN: "0s" }, namespace: key, image },
          ]),
        );
        const { secretName } = new PrivateWorkloads("shop", {
          registries: registries(),
          namespaces,
          deployments,
          createNamespace: true,
          protectNamespaces: false,
        });
        return Promise.resolve({ secretName });
      };

    await stack.up(shopIn({ a, b }));
    const before = await Promise.all([objectsOf("a", a), objectsOf("b", b)]);

    await stack.up(shopIn({ new: c, b, a }));
    assert.deepEqual(await Promise.all([objectsOf("a", a), objectsOf("b", b)]), before);
    const added = await objectsOf("new", c);

    await stack.up(shopIn({ new: c, b }));
    assert.deepEqual(await Promise.all([objectsOf("b", b), objectsOf("new", c)]), [before[1], added]);
    assert.equal(await kubectl("get", "namespace", a, "--ignore-not-found"), "");
  });

  /** What tells if the objects of a namespace have been made anew or changed; the Deployment's pod has pulled its image. */
  async function objectsOf(key: string, namespace: string) {
    const [{ metadata: secret }, { metadata: deployment, status }] = await Promise.all([
      get<types.output.core.v1.Secret>(namespace, `secret/${await secretName()}`),
      get<types.output.apps.v1.Deployment>(namespace, `deployment/app-${key}`),
    ]);
    assert.equal(status.readyReplicas, 1);
    return {
      secret: { uid: secret.uid, resourceVersion: secret.resourceVersion },
      deployment: { uid: deployment.uid, generation: deployment.generation },
    };
  }

  it("hold the logins that their registries name them for, and serve no other image", async () => {
    const { registry, partner, stack } = scene;
    const [a, b, login, partnerLogin, image, partnerImage] = await Promise.all([
      scene.namespace(),
      scene.namespace(),
      scene.user(registry),
      scene.user(partner),
      registry.push("namespaces/app"),
      partner.push("namespaces/tool"),
    ]);
    await stack.setConfig({
      ...loginConfig("registries", [login, partnerLogin]),
      "registries[0].namespaces[0]": "a",
      "registries[0].namespaces[1]": "b",
      "registries[1].namespaces[0]": "b",
    });
    await stack.up(() => {
      const { secretName } = new ImagePullSecret("shop", {
        registries: registries(),
        namespaces: { a, b },
      });
      return Promise.resolve({ secretName });
    });

    const name = await secretName();
    assert.deepEqual(await serversIn(a, name), [registry.server]);
    assert.deepEqual(await serversIn(b, name), [partner.server, registry.server]);
    const pullIn = (namespace: string, image: string) =>
      pull(namespace, {
        containers: [{ name: "app", image, imagePullPolicy: "Always" }],
        imagePullSecrets: [{ name }],
      });
    assert.deepEqual(await Promise.all([pullIn(a, image), pullIn(b, image), pullIn(b, partnerImage)]), [
      pulled,
      pulled,
      pulled,
    ]);
    const refused = await pullIn(a, partnerImage);
    assert.match(JSON.stringify(refused), /"pulled":false.*(401 Unauthorized|no basic auth credentials)/);
  });

  /** The servers of a Secret's logins, in their order. */
  async function serversIn(namespace: string, name: string): Promise<string[]> {
    const { data } = await get<types.output.core.v1.Secret>(namespace, `secret/${name}`);
    const json = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
    return decodeDockerConfigJson(json).map(({ server }) => server);
  }
});
