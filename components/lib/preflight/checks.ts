import type { ImageCheck, RegistryCheck } from "../../registry/access";
import type { Credential } from "../credentials";
import { parseImageReference } from "../kubelet/imageReference";
import { parseRegistryKey } from "../kubelet/registryKey";
import { type Problem, quote } from "../problems";
import type { HeldLogin, PullPlan } from "../pullPlan";
import { goesTo } from "../secretContents";
import type { PlannedPull } from "../workload";

/** A login to be checked by itself. */
export interface PlannedRegistryCheck {
  /** Property path of the login, such as `registries[0]`. */
  path: string;
  check: RegistryCheck;
  /** What it serves: a text for each namespace and server. Logins with one in common are tried by the same pods. */
  serves: string[];
}

/** An image to be checked with each login in turn, as kubelet tries them, until one is accepted. */
export interface PlannedImageCheck {
  /** Property path of the image, such as `deployments.web.image`. */
  path: string;
  deployment: string;
  image: string;
  /** In kubelet's order, at least one; without a path the one anonymous check of an image that no login is for. */
  attempts: { path?: string; check: ImageCheck }[];
  /** A Secret of somebody else whose login kubelet tries as well, and that can't be read here. */
  unread?: string;
  /** Whether the image gets the digest that the check finds. */
  isPin: boolean;
}

/** What registries are to be asked, and the images that are to be pinned and can't be. */
export interface PlannedChecks {
  registries: PlannedRegistryCheck[];
  images: PlannedImageCheck[];
  unpinnable: Problem[];
}

/** What of the pulls is to be checked. */
export interface ChecksWanted {
  namespaceKeys: readonly string[];
  /** Whether all logins and images are. */
  verify: boolean;
  /** The Deployments whose images are pinned. */
  pinned: readonly string[];
}

/**
 * The checks of logins and pulls that have no problems. With `verify` each registry, and each image with the logins
 * that kubelet would try, in its order, the outgoing ones among them; without a login only where none is for the image.
 * An image to be pinned is always checked.
 *
 * A server with `*` is no one host, so that it is checked by its images alone. An image whose first login is in
 * somebody else's Secret is not verified: that login may well be the one that pulls it. Nor is one that needs no pull
 * Secret, as only the nodes may have its login.
 */
export function planChecks(
  { generations, pulls }: PullPlan,
  { namespaceKeys, verify, pinned }: ChecksWanted,
): PlannedChecks {
  const { registries, previousRegistries } = generations;
  const checks: PlannedChecks = { registries: [], images: [], unpinnable: [] };
  if (verify) {
    checks.registries = [...registries.logins, ...(previousRegistries?.logins ?? [])].flatMap(
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
