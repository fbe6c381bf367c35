import assert from "node:assert/strict";
import { apps, core, type types } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { ImagePullSecret, type RegistryCredentialArgs, type RegistryLogin, Rotation } from "../../components";
import { failureOf, messages, steps } from "../support/engine/engine";
import { note } from "../support/runner/notes";
import { get, kubectl, namesOf } from "./support/commands";
import { underLoad } from "./support/load";
import { isReady, type Pod, watchPods } from "./support/pods";
import { loginConfig, newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { helloSettings, pull } from "./support/workload";

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

  it("have a container that is killed after a rotation pull anew, without a lost request", async function () {
    const { registry, stack } = scene;
    const served = { namespace, name: "web", replicas: 2, fewestReady: 1 };
    const labels = { "app.kubernetes.io/name": "web" };
    const metadata = { name: "web", namespace };
    const { imagePullPolicy, ports, readinessProbe } = helloSettings;
    const withWeb: PulumiFn = async () => {
      const outputs = await program();
      new core.v1.Service("web", {
        metadata,
        spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
      });
      new apps.v1.Deployment("web", {
        metadata,
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: "puller",
              containers: [{ name: "web", image, imagePullPolicy, ports, readinessProbe }],
            },
          },
        },
      });
      return outputs;
    };
    await stack.up(program);
    await stack.up(withWeb);
    const pods = async () => {
      const { items } = await get<{ items: Pod[] }>(namespace, "pods");
      return items.map(({ metadata: { name }, status }) => ({
        name,
        restarts: status.containerStatuses?.[0]?.restartCount,
      }));
    };
    const before = await pods();
    const changed = { ...login, password: newPassword() };
    const measured = await underLoad(served, async () => {
      await registry.setPassword(changed);
      await stack.setConfig(loginConfig("registries", [changed]));
      assert.deepEqual(
        steps(await stack.up(withWeb)).filter((step) => step.includes(" kubernetes:")),
        ["update kubernetes:core/v1:Secret apps"],
      );
      const [{ name: killed } = { name: "" }] = before;
      await kubectl("exec", `--namespace=${namespace}`, killed, "--", "/hello", "stop");
      const watch = watchPods(namespace);
      try {
        await watch.until("the restarted container", (seen) =>
          seen.some((pod) => isReady(pod) && pod.status.containerStatuses?.[0]?.restartCount === 1),
        );
      } finally {
        watch.stop();
      }
    });
    assert.deepEqual(
      (await pods()).toSorted(byName),
      before.map((pod, index) => ({ ...pod, restarts: index === 0 ? 1 : 0 })).toSorted(byName),
    );
    note(this, measured);
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

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
