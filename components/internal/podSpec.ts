import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mergeByName } from "../lib/mergeByName";
import { definedMembers, isObject } from "../lib/records";
import type { ContainerArgs, WorkloadArgs } from "../workloadArgs";
import { mapInput } from "./inputs";
import { mapItems } from "./readPodSpec";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;

/**
 * A workload's pod spec, without pull Secrets. The security defaults are safe for ordinary images: no privilege escalation,
 * the runtime's seccomp profile, no service account token.
 */
export function podSpecOf(name: string, workload: WorkloadArgs): pulumi.Input<PodSpec> {
  const spec: PodSpec = {
    automountServiceAccountToken: false,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: containersOf(name, workload),
    ...(workload.initContainers && { initContainers: containers(workload.initContainers) }),
  };
  return mapInput(workload.podSpec as pulumi.Input<unknown>, (patch) => {
    if (!isObject(patch)) {
      return spec;
    }
    // Every pod has containers, so null counts as not given.
    const { containers, ...others } = patch;
    return mergeByName(spec, containers === null ? others : patch) as PodSpec;
  });
}

function containersOf(name: string, workload: WorkloadArgs): pulumi.Input<pulumi.Input<Container>[]> {
  return workload.image === undefined
    ? containers(workload.containers ?? [])
    : [container({ ...workload, name, image: workload.image })];
}

function containers(
  list: pulumi.Input<pulumi.Input<ContainerArgs>[]>,
): pulumi.Input<pulumi.Input<Container>[]> {
  return mapItems(list, container);
}

function container(args: ContainerArgs): Container {
  return definedMembers<Container>({
    name: args.name,
    image: args.image,
    imagePullPolicy: args.imagePullPolicy,
    command: args.command,
    args: args.args,
    env: mapInput(args.env, variables),
    ports: args.ports,
    resources: args.resources,
    readinessProbe: args.readinessProbe,
    livenessProbe: args.livenessProbe,
    startupProbe: args.startupProbe,
    securityContext: { allowPrivilegeEscalation: false },
  });
}

function variables(
  env: Record<string, pulumi.Input<string>> | undefined,
): k8s.types.input.core.v1.EnvVar[] | undefined {
  return env && Object.entries(env).map(([name, value]) => ({ name, value }));
}
