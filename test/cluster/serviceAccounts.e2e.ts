import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { ImagePullSecret, type RegistryCredentialArgs, type RegistryLogin, Rotation } from "../../components";
import { failureOf, messages } from "../support/engine/engine";
import { get, kubectl, namesOf } from "./support/commands";
import { loginConfig, newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { pull } from "./support/workload";

const pulled = { pulled: true };

describe("ServiceAccounts that list the pull Secret", () => {
  const scene = useScene("accounts");
  let namespace: string;
  let login: RegistryLogin;
  let image: string;

  beforeEach(async () => {
    const { registry, stack } = scene;
    const parts = [scene.namespace(), scene.user(registry), registry.push("accounts/app")] as const;
    [namespace, login, image] = await Promise.all(parts);
    await stack.setConfig({
      "kubernetes:enableSecretMutable": "true",
      ...loginConfig("registries", [login]),
    });
  });

  const program: PulumiFn = () => {
    const { secretName } = new ImagePullSecret("apps", {
      registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
      namespace,
      rotation: Rotation.InPlace,
      serviceAccounts: { default: ["puller"] },
      patchServiceAccounts: { default: ["default"] },
    });
    return Promise.resolve({ secretName });
  };

  /** What becomes of the pull of a pod that runs as this account and lists no pull Secret of its own. */
  function pullAs(serviceAccountName: string) {
    const containers = [{ name: "app", image, imagePullPolicy: "Always" }];
    return pull(namespace, { containers, serviceAccountName });
  }

  async function account(name: string) {
    const { metadata, imagePullSecrets } = await get<Partial<types.output.core.v1.ServiceAccount>>(
      namespace,
      `serviceaccount/${name}`,
    );
    return { uid: metadata?.uid, lists: imagePullSecrets?.map(({ name }) => name) };
  }

  async function secretName(): Promise<string> {
    return String((await scene.stack.outputs())["secretName"]?.value);
  }

  it("have pods without a list of their own pull, after a rotation too, until the stack is destroyed", async () => {
    const { registry, stack } = scene;
    const untouched = await account("default");
    assert.equal(untouched.lists, undefined);

    await stack.up(program);
    assert.deepEqual(await Promise.all([pullAs("puller"), pullAs("default")]), [pulled, pulled]);
    const made = await account("puller");
    assert.deepEqual(made.lists, [await secretName()]);

    const changed = { ...login, password: newPassword() };
    await registry.setPassword(changed);
    await stack.setConfig(loginConfig("registries", [changed]));
    await stack.up(program);
    assert.deepEqual(await account("puller"), made);
    assert.deepEqual(await account("default"), { ...untouched, lists: made.lists });
    assert.deepEqual(await namesOf(namespace, "secrets"), made.lists);
    assert.deepEqual(await Promise.all([pullAs("puller"), pullAs("default")]), [pulled, pulled]);

    await stack.destroy();
    assert.deepEqual(await namesOf(namespace, "serviceaccounts"), ["default"]);
    assert.deepEqual(await account("default"), untouched);
    assert.match(
      JSON.stringify(await pullAs("default")),
      /"pulled":false.*(401 Unauthorized|no basic auth credentials)/,
    );
  });

  it("are not taken from somebody else who has set the list, until it is empty", async () => {
    const { stack } = scene;
    const setList = (list: { name: string }[]) =>
      kubectl(
        "patch",
        `--namespace=${namespace}`,
        "serviceaccount/default",
        "--type=merge",
        `--patch=${JSON.stringify({ imagePullSecrets: list })}`,
      );
    await setList([{ name: "theirs" }]);
    const failed = await failureOf(stack.up(program));
    assert.match(
      messages(failed, "error").join("\n"),
      /Apply failed with 1 conflict: conflict with "[^"]+".*: \.imagePullSecrets/,
    );
    assert.deepEqual((await account("default")).lists, ["theirs"]);

    await setList([]);
    await stack.up(program);
    assert.deepEqual((await account("default")).lists, [await secretName()]);
  });
});
