import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { mergeByName } from "../lib/mergeByName";
import type { ContainerImage } from "../lib/workload";
import { isPlain, mapInput } from "./inputs";
import type { ContainerArgs, WorkloadArgs } from "./workloadArgs";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;

/**
 * The pod spec of a workload without its pull Secrets. Defaults that no ordinary image breaks on: no privilege
 * escalation, the runtime's seccomp profile, no service account token.
 */
export function podSpecOf(name: string, workload: WorkloadArgs): pulumi.Input<PodSpec> {
  const spec: PodSpec = {
    automountServiceAccountToken: false,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: containersOf(name, workload),
    ...(workload.initContainers && { initContainers: containers(workload.initContainers) }),
  };
  if (workload.podSpec === undefined) {
    return spec;
  }
  return mapInput(workload.podSpec as pulumi.Input<PodSpec>, (patch) => mergeByName(spec, patch) as PodSpec);
}

function containersOf(name: string, workload: WorkloadArgs): pulumi.Input<pulumi.Input<Container>[]> {
  return workload.image === undefined
    ? containers(workload.containers ?? [])
    : [container({ ...workload, name, image: workload.image })];
}

function containers(
  list: pulumi.Input<pulumi.Input<ContainerArgs>[]>,
): pulumi.Input<pulumi.Input<Container>[]> {
  return mapInput(list, (items) => items.map((item) => mapInput(item, container)));
}

function container(args: ContainerArgs): Container {
  return {
    name: args.name,
    image: args.image,
    imagePullPolicy: args.imagePullPolicy,
    command: args.command,
    args: args.args,
    env: args.env && mapInput(args.env, variables),
    ports: args.ports,
    resources: args.resources,
    readinessProbe: args.readinessProbe,
    livenessProbe: args.livenessProbe,
    startupProbe: args.startupProbe,
    securityContext: { allowPrivilegeEscalation: false },
  };
}

function variables(env: Record<string, pulumi.Input<string>>): k8s.types.input.core.v1.EnvVar[] {
  return Object.entries(env).map(([name, value]) => ({ name, value }));
}

/** Containers and images of a pod spec, init containers first, ephemeral ones last; nothing else of it is waited for. */
export function containerImages(spec: pulumi.Input<PodSpec>): pulumi.Input<ContainerImage[]> {
  return mapInput(spec, ({ initContainers, containers, ephemeralContainers }) => {
    const lists = [
      imagesOfList("initContainers", initContainers),
      imagesOfList("containers", containers),
      imagesOfList("ephemeralContainers", ephemeralContainers),
    ];
    return isPlain(lists)
      ? (lists as ContainerImage[][]).flat()
      : (pulumi.output(lists) as pulumi.Output<ContainerImage[][]>).apply((known) => known.flat());
  });
}

function imagesOfList(
  list: ContainerImage["list"],
  items: pulumi.Input<pulumi.Input<Pick<Container, "name" | "image">>[] | undefined>,
): pulumi.Input<unknown[]> {
  return mapInput(items, (known) =>
    (known ?? []).map((item, index) =>
      mapInput(item, ({ name, image = "" }) => ({ list, index, name, image })),
    ),
  );
}
