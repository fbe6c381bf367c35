import { ImageReferenceError, readImageReference } from "../components/lib/kubelet/imageReference";
import { registryKey, registryKeyMatches, repositoryKey } from "../components/lib/kubelet/serverMatching";
import { quote } from "../components/lib/problems";
import type { CredentialProvider } from "./credentialProviders";

/** The ServiceAccount of a pod, as providers see it. */
export interface PodAccount {
  /** Empty for a mirror pod, which has none. */
  name: string;
  /** Undefined if not known: then no annotation counts as missing. */
  annotationKeys: readonly string[] | undefined;
}

/** What the nodes' providers make of an image. */
export interface NodeLogin {
  /** Name of the provider that kubelet asks. */
  provider?: string;
  /** What keeps kubelet from asking the providers that match, and what to do. */
  hindrance?: { what: string; fix: string };
}

/**
 * Whether a credential provider of the nodes serves an image for a pod.
 *
 * @see kubernetes pkg/credentialprovider/plugin/plugin.go, isImageAllowed and getServiceAccountData
 */
export function nodeLogin(
  image: string,
  account: PodAccount,
  providers: readonly CredentialProvider[],
): NodeLogin {
  const matching = providers.filter(({ matchImages }) => isMatched(image, matchImages));
  const hindrances = matching.map((provider) => hindranceOf(provider, account));
  const served = hindrances.indexOf(undefined);
  if (served !== -1) {
    return { provider: matching[served]?.name ?? "" };
  }
  const [hindrance] = hindrances;
  return { ...(hindrance && { hindrance }) };
}

function hindranceOf(
  { name, tokenAttributes }: CredentialProvider,
  account: PodAccount,
): NodeLogin["hindrance"] {
  const matches = `the credential provider ${quote(name)} of the nodes matches it`;
  if (tokenAttributes === undefined) {
    return undefined;
  }
  if (account.name === "") {
    return tokenAttributes.requireServiceAccount
      ? {
          what: `${matches}, but kubelet asks it only for pods with a ServiceAccount, and a static pod has none`,
          fix: "Serve the image by a provider with `requireServiceAccount: false`.",
        }
      : undefined;
  }
  const { annotationKeys } = account;
  const missing =
    annotationKeys === undefined
      ? []
      : (tokenAttributes.requiredServiceAccountAnnotationKeys ?? []).filter(
          (key) => !annotationKeys.includes(key),
        );
  if (missing.length === 0) {
    return undefined;
  }
  const keys = `${missing.length === 1 ? "annotation" : "annotations"} ${missing.map(quote).join(", ")}`;
  return {
    what: `${matches}, but kubelet asks it only for ServiceAccounts with the ${keys}, which ${quote(account.name)} does not have`,
    fix: `Annotate the ServiceAccount ${quote(account.name)}, or list a pull Secret for the image.`,
  };
}

function isMatched(image: string, matchImages: readonly string[]): boolean {
  const reference = readImageReference(image);
  const repository = reference instanceof ImageReferenceError ? undefined : repositoryKey(reference);
  return (
    repository !== undefined &&
    matchImages.some((text) => {
      const glob = registryKey(text);
      return glob !== undefined && registryKeyMatches(glob, repository);
    })
  );
}
