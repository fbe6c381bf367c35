import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ImagePullSecret } from "./imagePullSecret";
import type { PullSecretReference } from "./internal/args";
import { containerImages } from "./internal/podSpec";
import { listPullSecrets, pullSecretsOf } from "./internal/pullSecrets";
import { readArguments } from "./internal/readArguments";
import { withPullSecretsShape } from "./lib/argumentShapes";
import { isServed } from "./lib/podTemplates";

/**
 * A pod spec for a StatefulSet, DaemonSet, Job, CronJob or Pod of your own that lists the pull Secrets, if one of their
 * servers matches an image of its containers, init containers or ephemeral containers. Secrets that it lists already
 * stay before them, each once.
 *
 * @param podSpec the spec, which is not changed.
 * @param pullSecret the component, or a reference to it in the pod's namespace.
 */
export function withPullSecrets(
  podSpec: pulumi.Input<k8s.types.input.core.v1.PodSpec>,
  pullSecret: ImagePullSecret | pulumi.Input<PullSecretReference>,
): pulumi.Input<k8s.types.input.core.v1.PodSpec> {
  const { given } = readArguments(
    "withPullSecrets",
    { podSpec, pullSecret: pulumi.Resource.isInstance(pullSecret) ? pullSecret.reference : pullSecret },
    withPullSecretsShape,
  );
  const reference = pulumi.output(given.pullSecret);
  const names = pulumi
    .all([containerImages(given.podSpec), reference.servers])
    .apply(([images, servers]): pulumi.Output<string[]> => {
      const isNeeded = images.some(({ image }) => isServed(image, servers));
      return isNeeded ? reference.secretNames : pulumi.output([]);
    });
  return listPullSecrets(given.podSpec, pullSecretsOf(names));
}
