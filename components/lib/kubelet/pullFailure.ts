import { inOneLine } from "../problems";
import { withoutLogin } from "../withoutLogin";
import { causeOf } from "./pullFailureCauses";

/**
 * Why a rollout could not pull its images, and how to fix it, from the Kubernetes provider's error; empty if the error is not
 * about a pull. Each cause once, however many pods have it.
 */
export function explainPullFailure(error: string): string[] {
  const pods = error.split(/(?=\[Pod )/);
  return [
    ...new Set(
      pods.flatMap((text) => [...missingSecrets(text), ...failedPulls(text), ...silentInitContainers(text)]),
    ),
  ];
}

/** Explains each part from one container's reason to the next, such as `[ImagePullBackOff] Back-off pulling image ...`. */
function failedPulls(text: string): string[] {
  return text
    .split(
      /(?=\[(?:ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable)\])|(?=Failed to pull image)|\n/,
    )
    .filter((part) =>
      /ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|pull(ing)? image|image pull failed/.test(
        part,
      ),
    )
    .flatMap((part) => {
      const cause = causeOf(part);
      return cause === undefined ? [] : [`${capitalized(cause.problem(imageIn(part)))} ${cause.fix}`];
    });
}

function imageIn(text: string): string {
  const [, quoted, bare] =
    /image "([^"\s]{1,512})"|image pull failed for (\S{1,512}) because/i.exec(text) ?? [];
  const image = quoted ?? bare;
  return image === undefined ? "an image" : `the image "${inOneLine(withoutLogin(image, true))}"`;
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function missingSecrets(text: string): string[] {
  const [, names] = /Unable to retrieve some image pull secrets \(([^()]*)\)/.exec(text) ?? [];
  const isSaid = names !== undefined || text.includes("FailedToRetrieveImagePullSecret");
  const which = names === undefined ? "A pull Secret" : `The pull Secret ${inOneLine(names)}`;
  return isSaid
    ? [
        `${which} is not in the namespace of the pod. Create it there: pull Secrets serve their own namespace only.`,
      ]
    : [];
}

/** Of init containers, the provider only reports that they have not finished, not why. */
function silentInitContainers(text: string): string[] {
  const [, names] = /containers with incomplete status: \[([^[\]]*)\]/.exec(text) ?? [];
  return names === undefined
    ? []
    : [
        `The init containers have not finished: ${names.trim().split(/\s+/).map(inOneLine).join(", ")}. The Kubernetes provider does not read why. If an image can't be pulled, \`kubectl describe pod\` has the error; if one has failed, \`kubectl logs\` with \`-c\` and its name.`,
      ];
}
