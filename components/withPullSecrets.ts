import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "./args";
import type { ExternalPullSecret } from "./externalPullSecret";
import type { ImagePullSecret } from "./imagePullSecret";
import { argumentsError } from "./internal/argumentsError";
import { listPullSecrets, pullSecretsOf } from "./internal/imagePullSecrets";
import { readArguments } from "./internal/readArguments";
import { readPodSpec } from "./internal/readPodSpec";
import { withPullSecretsShape } from "./lib/argumentShapes";
import { pullSecretProblems } from "./lib/podImages";
import { isServed } from "./lib/podTemplates";
import type { Problem } from "./lib/problems";

/**
 * A pod spec, for your own StatefulSet, DaemonSet or CronJob, that lists the pull Secrets if one of their servers matches an image
 * of its containers (including init and ephemeral ones) or image volumes. They come after the Secrets that it already lists,
 * without duplicates.
 *
 * A new Secret name replaces a Job or a Pod: the Job runs again, and the Pod goes down. Use a Secret that rotates in place for
 * these.
 *
 * @param podSpec the spec; it is not modified.
 * @param pullSecret the component, or a reference to it in the pod's namespace.
 *
 * @example
 * ```ts
 * import { batch } from "@pulumi/kubernetes";
 * import { type ImagePullSecret, withPullSecrets } from "kubernetes-private-registry";
 *
 * export function report(pullSecret: ImagePullSecret): batch.v1.CronJob {
 *   const podSpec = {
 *     restartPolicy: "Never",
 *     containers: [{ name: "report", image: "www.3rdregistry.com/janedoe/report:v2" }],
 *   };
 *   const template = { spec: withPullSecrets(podSpec, pullSecret) };
 *   return new batch.v1.CronJob("report", {
 *     spec: { schedule: "0 4 * * *", jobTemplate: { spec: { template } } },
 *   });
 * }
 * ```
 */
export function withPullSecrets(
  podSpec: pulumi.Input<k8s.types.input.core.v1.PodSpec>,
  pullSecret: ImagePullSecret | ExternalPullSecret | pulumi.Input<PullSecretReference>,
): pulumi.Input<k8s.types.input.core.v1.PodSpec> {
  const { checkedArgs } = readArguments(
    "withPullSecrets",
    {
      podSpec,
      get pullSecret() {
        return pulumi.Resource.isInstance(pullSecret) ? pullSecret.reference : pullSecret;
      },
    },
    withPullSecretsShape,
  );
  const reference = pulumi.output(checkedArgs.pullSecret);
  const names = pulumi
    .all([readPodSpec(checkedArgs.podSpec, ""), reference.servers])
    .apply(([{ images, problems }, servers]): pulumi.Output<string[]> => {
      refuse(problems);
      const isNeeded = images.some(({ image }) => isServed(image, servers));
      return isNeeded ? reference.secretNames : pulumi.output([]);
    });
  return listPullSecrets(checkedArgs.podSpec, pullSecretsOf(names), (listed) =>
    pulumi.output(listed as object).apply((known: unknown) => {
      refuse(pullSecretProblems(known, "imagePullSecrets"));
      return known as { name: string }[];
    }),
  );
}

function refuse(problems: Problem[]): void {
  if (problems.length > 0) {
    throw argumentsError("withPullSecrets", problems);
  }
}
