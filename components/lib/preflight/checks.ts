import type { ImageCheck, RegistryCheck } from "../../registry/access";
import { parseImageReference } from "../kubelet/imageReference";
import { parseRegistryKey } from "../kubelet/serverMatching";
import type { Credential } from "../logins/credentials";
import { type Problem, quote } from "../problems";
import type { HeldLogin, PullPlan } from "../pullPlan";
import { goesTo } from "../secretContents";
import type { PlannedPull } from "../workload";

/** A login to check on its own. */
export interface PlannedRegistryCheck {
  /** Property path of the login, such as `registries[0]`. */
  path: string;
  check: RegistryCheck;
  /** A key for each namespace and server that it serves. Logins that share a key are tried by the same pods. */
  serves: string[];
}

/** An image to check with each login in turn, as kubelet tries them, until one is accepted. */
export interface PlannedImageCheck {
  /** Property path of the image, such as `deployments.web.image`. */
  path: string;
  deployment: string;
  image: string;
  /** At least one, in kubelet's order. An image without a login has one anonymous check, without a path. */
  attempts: { path?: string; check: ImageCheck }[];
  /** A Secret created elsewhere whose login kubelet also tries, but which we can't read. */
  unread?: string;
  /** Whether to pin the image to the digest that the check finds. */
  isPin: boolean;
}

/** The checks to make, and the images that should be pinned but can't be. */
export interface PlannedChecks {
  registries: PlannedRegistryCheck[];
  images: PlannedImageCheck[];
  unpinnable: Problem[];
}

/** Which pulls to check. */
export interface ChecksWanted {
  namespaceKeys: readonly string[];
  /** Whether to check all logins and images. */
  verify: boolean;
  /** The Deployments whose images to pin. */
  pinned: readonly string[];
}

/**
 * Plans the checks for logins and pulls without problems. `verify` checks each registry, and each image with the logins that
 * kubelet would try, in its order, including the outgoing ones; anonymously only if no login matches the image. Images to
 * pin are always checked.
 *
 * A server with `*` is not a single host, so it is only checked through its images. An image whose first login is in a Secret
 * created elsewhere is not verified: that login may well be the one that pulls it. Nor is an image that needs no pull Secret:
 * maybe only the nodes have its login.
 */
export function planChecks(
  { generations, pulls }: PullPlan,
  { namespaceKeys, verify, pinned }: ChecksWanted,
): PlannedChecks {
  const { current, previous } = generations;
  const checks: PlannedChecks = { registries: [], images: [], unpinnable: [] };
  if (verify) {
    checks.registries = [...current.logins, ...(previous?.logins ?? [])].flatMap(
      ({ path, server, credential }) =>
        credential === undefined || server.includes("*")
          ? []
          : [{ path, check: registryCheck(credential), serves: served(credential, namespaceKeys) }],
    );
  }
  for (const pull of pulls) {
    planImage(pull, { verify, isPinned: pinned.includes(pull.deployment) }, checks);
  }
  return checks;
}

function registryCheck({ server, username, password, insecure, caBundle }: Credential): RegistryCheck {
  return { server, username, password, insecure, caBundle };
}

function served(credential: Credential, namespaceKeys: readonly string[]): string[] {
  const server = parseRegistryKey(credential.server)?.indexKey;
  return namespaceKeys.filter((key) => goesTo(key, credential)).map((key) => JSON.stringify([key, server]));
}

function planImage(
  { path, deployment, image, logins, serverWithoutSecret }: PlannedPull<HeldLogin>,
  { verify, isPinned }: { verify: boolean; isPinned: boolean },
  checks: PlannedChecks,
): void {
  const attempts: PlannedImageCheck["attempts"] = logins.flatMap(({ path, credential }) =>
    credential ? [{ path, check: { image, ...registryCheck(credential) } }] : [],
  );
  const [first] = logins;
  const unread = logins.find(({ credential }) => credential === undefined)?.pullSecret;
  const isPin = isPinned && parseImageReference(image).digest === undefined;
  if (first === undefined) {
    attempts.push({ check: { image } });
  } else if (attempts.length === 0 && isPin) {
    checks.unpinnable.push({
      path,
      reason: `can't be pinned: its login is in the Secret ${quote(first.pullSecret)}, which is not read here. Write the digest into the image, or leave \`pinDigest\` out.`,
    });
  }
  const mayBeVerified = first === undefined ? !serverWithoutSecret : first.credential !== undefined;
  if (attempts.length > 0 && (isPin || (verify && mayBeVerified))) {
    checks.images.push({ path, deployment, image, attempts, isPin, ...(unread !== undefined && { unread }) });
  }
}
