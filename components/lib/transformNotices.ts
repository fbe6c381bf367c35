import { quote } from "./problems";
import type { OnNewName } from "./workloadKinds";

const steady =
  "Give its ImagePullSecret rotation: inPlace, or, to keep Deployments versioned, a second ImagePullSecret with rotation: inPlace to this workload.";

/** What happens to a workload that lists a Secret whose name changes, and what to do; undefined where its pods just roll. */
export function newNameWarning(subject: string, onNewName: OnNewName): string | undefined {
  switch (onNewName) {
    case "rolls":
      return undefined;
    case "runsAgain":
      return `${subject}: each rotation gives the pull Secret a new name, which replaces the Job: it runs again. ${steady} Or make it a CronJob.`;
    case "goesDown":
      return `${subject}: each rotation gives the pull Secret a new name, which replaces the Pod: it goes down until the new one is ready. ${steady} Or make it a Deployment.`;
    case "keepsOldName":
      return `${subject}: each rotation gives the pull Secret a new name and deletes the old Secret, which pods of this workload may still list: they can't pull images then. ${steady}`;
  }
}

/** What is said of a patch to a pod that exists: Kubernetes refuses another list of pull Secrets there. */
export function unchangeablePodWarning(subject: string): string {
  return `${subject}: lists no pull Secrets, as Kubernetes does not change them once a Pod or Job exists. List them where it is made.`;
}

/** What is said once for each parent whose pods listed no pull Secrets before. */
export function unseenAccountNotice(subject: string): string {
  return `${subject}: listed no pull Secrets before, so Kubernetes gave it those of its ServiceAccount, if any, and no longer does. If it needs them, name them in \`serviceAccountSecrets\` of pullSecretTransform. This may hold for other workloads of the same parent too.`;
}

/** What is said of a resource of a kind that is not known, with pod specs whose image a pull Secret serves. */
export function unknownKindWarning(
  subject: string,
  kind: string,
  paths: readonly string[],
  image: string,
): string {
  const option = `podTemplates: { ${quote(kind)}: [${paths.map(quote).join(", ")}] }`;
  return `${subject}: a pull Secret serves the image ${quote(image)} of its ${paths.join(" and ")}, but pullSecretTransform does not know this kind and adds nothing. If it takes imagePullSecrets there, give the option ${option}; if elsewhere, that path.`;
}

/** What is said of a helm.v3.Release, whose values have none of the pull Secrets. */
export function releaseWarning(subject: string): string {
  return `${subject}: pullSecretTransform can't reach its workloads, as Helm makes them within the provider. Give the chart the pull Secrets by its values, which are often imagePullSecrets, global.imagePullSecrets or image.pullSecrets (see \`helm show values\`), or use helm.v4.Chart.`;
}
