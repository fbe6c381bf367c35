import type { types } from "@pulumi/kubernetes";
import { type ContainerSettingsArgs, encodeDockerConfigJson, type RegistryLogin } from "../../../components";
import { create, get, kubectl } from "./commands";
import { type Pod, type PullOutcome, pullOutcomes, watchPods } from "./pods";

/** Settings with which a rollout of the hello image loses no request, and asks the registry for each pod. */
export const helloSettings: ContainerSettingsArgs = {
  imagePullPolicy: "Always",
  ports: [{ containerPort: 8080 }],
  // The node may be busy: a late answer is not a failure.
  readinessProbe: { httpGet: { port: 8080, path: "/ready" }, periodSeconds: 1, timeoutSeconds: 5 },
};

/** Makes a pod of a Deployment's present template, not one of its replicas, and says what became of its pull. */
export async function pullAnew(namespace: string, deployment: string): Promise<PullOutcome> {
  const { spec } = await get<types.output.apps.v1.Deployment>(namespace, `deployment/${deployment}`);
  return pull(namespace, spec.template.spec);
}

/** Makes a pod and says what became of the pull of its first image; the pod goes again. */
export async function pull(namespace: string, spec: object): Promise<PullOutcome> {
  const object = { apiVersion: "v1", kind: "Pod", metadata: { generateName: "fresh-" }, spec };
  const { metadata } = await create<Pod>(namespace, object);
  try {
    const [outcome] = Object.values(await pulls(namespace, metadata.name));
    return outcome;
  } finally {
    await kubectl("delete", `--namespace=${namespace}`, `pod/${metadata.name}`, "--wait=false", "--now");
  }
}

/** Makes a pod of an image with one login and no other, and says what became of its pull. */
export async function pullWith(namespace: string, image: string, login: RegistryLogin): Promise<PullOutcome> {
  const name = await createPullSecret(namespace, [login]);
  const containers = [{ name: "app", image, imagePullPolicy: "Always" }];
  const outcome = await pull(namespace, { containers, imagePullSecrets: [{ name }] });
  await kubectl("delete", `--namespace=${namespace}`, `secret/${name}`);
  return outcome;
}

/** What became of the pulls of all images of a pod. */
export async function pulls(namespace: string, name: string): Promise<Record<string, PullOutcome>> {
  const watch = watchPods(namespace);
  const outcomes = new Map<string, PullOutcome>();
  try {
    await watch.until(`the pulls of pod ${name}`, (pods) => {
      const pod = pods.find(({ metadata }) => metadata.name === name);
      for (const [container, outcome] of Object.entries(pod === undefined ? {} : pullOutcomes(pod))) {
        outcomes.set(container, outcomes.get(container) ?? outcome);
      }
      return (
        pod !== undefined &&
        pod.spec.containers.every((container) => outcomes.get(container.name) !== undefined)
      );
    });
    return Object.fromEntries(outcomes);
  } finally {
    watch.stop();
  }
}

/** Makes a pull Secret without the component, and returns its name. */
export async function createPullSecret(namespace: string, logins: RegistryLogin[]): Promise<string> {
  const { metadata } = await create<types.output.core.v1.Secret>(namespace, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { generateName: "by-hand-" },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from(encodeDockerConfigJson(logins)).toString("base64") },
  });
  return metadata.name;
}
