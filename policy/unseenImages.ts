import { serverOf } from "../components/lib/kubelet/pullAttempts";
import { podSpecsIn } from "../components/lib/podTemplates";
import { type Problem, quote } from "../components/lib/problems";
import { isPullObject } from "../components/lib/served/pullObjects";
import { withoutLogin } from "../components/lib/withoutLogin";
import { knownValues } from "./knownValues";

/** The images of a resource whose pods are made by something else than Kubernetes and the Pulumi provider. */
export function unseenImages(
  { type, props }: { type: string; props: unknown },
  serversWithoutSecret: readonly string[],
): Problem[] {
  if (type === "kubernetes:helm.sh/v3:Release") {
    const reason =
      "The images of a Helm Release can't be checked, since its objects are not in this stack; those of a Chart are.";
    return [{ path: "chart", reason }];
  }
  if (isPullObject({ type }) || !type.startsWith("kubernetes:")) {
    return [];
  }
  return podSpecsIn(knownValues(props)).flatMap(({ path, images }) =>
    images
      .filter((image) => serverOf(image, serversWithoutSecret) === undefined)
      .map((image) => ({
        path,
        reason: `${quote(withoutLogin(image, true))} can't be checked: which pull Secrets the pods of this kind get is up to what makes them.`,
      })),
  );
}
