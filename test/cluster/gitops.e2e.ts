import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  ImagePullSecret,
  PrivateWorkloads,
  type RegistryCredentialArgs,
  type RegistryLogin,
  Rotation,
} from "../../components";
import { createEngineStack } from "../support/engine/engine";
import { kubectl, namesOf } from "./support/commands";
import { loginConfig } from "./support/registry";
import { useScene } from "./support/scene";
import { Web } from "./support/web";
import { helloSettings } from "./support/workload";

const pulled = { pulled: true };

describe("manifests without Secrets, applied by somebody else", () => {
  const scene = useScene("gitops");

  it("are pulled for with the Secret of a second stack, whose rotation changes none of them", async () => {
    const { registry, stack } = scene;
    const web = await Web.make(scene);
    const { namespace, name, image, replicas } = web;
    const registries = () => new Config().requireSecretObject<RegistryCredentialArgs[]>("registries");
    const secrets: PulumiFn = () => {
      new ImagePullSecret("regcred", { registries: registries(), namespace, rotation: Rotation.InPlace });
      return Promise.resolve();
    };
    const manifests = join(stack.directory, "manifests");
    const workloads: PulumiFn = () => {
      new PrivateWorkloads(
        "apps",
        {
          registries: registries(),
          namespace,
          secretName: "regcred",
          rotation: Rotation.InPlace,
          createSecrets: false,
          deployments: { [name]: { image, replicas, ...helloSettings } },
        },
        { provider: new Provider("render", { renderYamlToDirectory: manifests, kubeconfig: "" }) },
      );
      return Promise.resolve();
    };
    const renderer = await createEngineStack({
      kubernetes: "cluster",
      directory: stack.directory,
      name: "render",
    });
    const render = async (login: RegistryLogin): Promise<Record<string, string>> => {
      await renderer.setConfig(loginConfig("registries", [login]));
      await renderer.up(workloads);
      const files = readdirSync(manifests, { recursive: true, encoding: "utf8" });
      const yamls = files.filter((file) => file.endsWith(".yaml")).toSorted();
      return Object.fromEntries(yamls.map((file) => [file, readFileSync(join(manifests, file), "utf8")]));
    };

    await web.configure("inPlace", web.login);
    await stack.up(secrets);
    const rendered = await render(web.login);
    assert.deepEqual(Object.keys(rendered), [`1-manifest/apps_v1-deployment-${namespace}-${name}.yaml`]);
    await kubectl("apply", "--server-side", "--recursive", `--filename=${manifests}`);
    await kubectl("rollout", "status", `--namespace=${namespace}`, `deployment/${name}`, "--timeout=60s");

    const login = web.newLogin();
    await registry.setPassword(login);
    await web.configure("inPlace", login);
    await stack.up(secrets);
    assert.deepEqual(await render(login), rendered);
    assert.deepEqual(await web.pullAnew(), pulled);
    assert.deepEqual(await namesOf(namespace, "secrets"), ["regcred"]);
  });
});
