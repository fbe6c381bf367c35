import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { definedMembers } from "../lib/records";
import { pullFailureHooks } from "../pullFailureHooks";
import type { WorkloadArgs } from "../workloadArgs";
import { mapInput } from "./inputs";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** By default Kubernetes takes down a quarter of the pods; a rollout to a new pull Secret must not take down any. */
const noPodDown = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } };

/** How long a rollout may take: half of the provider's default, because a pull error never resolves by itself. */
const rolloutTimeouts: pulumi.CustomTimeouts = { create: "5m", update: "5m" };

/** The arguments of createDeployment. */
export interface NewDeployment {
  /** Its name in Pulumi. */
  resourceName: string;
  /** Its name in Kubernetes. */
  name: string;
  namespace: pulumi.Input<string> | undefined;
  workload: WorkloadArgs;
  podSpec: pulumi.Input<PodSpec>;
  /** The options of its component. */
  options?: pulumi.ComponentResourceOptions;
}

/**
 * Creates a Deployment with a fixed name. Only the pod spec may use a pull Secret's name: a new name must roll the Deployment,
 * never replace it.
 */
export function createDeployment(
  parent: pulumi.Resource,
  { resourceName, name, namespace, workload, podSpec, options = {} }: NewDeployment,
): k8s.apps.v1.Deployment {
  const selector = { "app.kubernetes.io/name": name };
  const labels = mapInput(workload.labels ?? {}, (own) => ({ ...own, ...selector }));
  return new k8s.apps.v1.Deployment(
    resourceName,
    {
      metadata: { name, namespace, labels },
      spec: {
        replicas: workload.replicas,
        selector: { matchLabels: selector },
        strategy: noPodDown,
        template: { metadata: definedMembers({ labels, annotations: workload.annotations }), spec: podSpec },
      },
    },
    { parent, customTimeouts: options.customTimeouts ?? rolloutTimeouts, hooks: pullFailureHooks() },
  );
}
