import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { definedMembers } from "../lib/records";
import { pullFailureHooks } from "../pullFailureHooks";
import type { WorkloadArgs } from "../workloadArgs";
import { mapInput } from "./inputs";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Kubernetes' own default is to take a quarter of the pods down; a rollout to a new pull Secret shall lose none. */
const noPodDown = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } };

/** How long a rollout may take: half of the provider's default, since a pull error never mends itself. */
const rolloutTimeouts: pulumi.CustomTimeouts = { create: "5m", update: "5m" };

/** What a Deployment is made from. */
export interface NewDeployment {
  /** Its name in Pulumi. */
  resourceName: string;
  /** Its name in Kubernetes. */
  name: string;
  namespace: pulumi.Input<string> | undefined;
  workload: WorkloadArgs;
  podSpec: pulumi.Input<PodSpec>;
  /** Those of its component. */
  options?: pulumi.ComponentResourceOptions;
}

/**
 * A Deployment under its own name. Of all that it is made from, only the pod spec may depend on a pull Secret's name, so
 * that a new one rolls it and never replaces it.
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
        replicas: workload.replicas ?? 1,
        selector: { matchLabels: selector },
        strategy: noPodDown,
        template: { metadata: definedMembers({ labels, annotations: workload.annotations }), spec: podSpec },
      },
    },
    { parent, customTimeouts: options.customTimeouts ?? rolloutTimeouts, hooks: pullFailureHooks() },
  );
}
