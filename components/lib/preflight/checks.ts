import { checkCredentials, type Credential } from "../credentials";
import { parseImageReference } from "../kubelet/imageReference";
import { joinPath, type Problem, quote } from "../problems";
import { goesTo } from "../secretContents";
import type { ImageCheck, RegistryCheck } from "../../registry/access";
import { loginsInKubeletOrder, parseRegistryKey } from "../kubelet/registryKey";
import { type ContainerImage, imagePath } from "../workload";
import { namespaceKey, type PlacedWorkload, type WorkloadsLogins } from "../pullPlan";

/** A workload whose images may be pinned. */
export interface PinnableWorkload extends PlacedWorkload {
  pinDigest: boolean;
}

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

/** A login that a pod of some namespace can use; `credential` is absent where somebody else makes its Secret. */
interface Holding {
  server: string;
  /** Path of the login, or the name of the Secret. */
  origin: string;
  credential?: Credential;
}

/**
 * The checks of logins and workloads that have no problems. With `verify` each registry, and each image with the logins
 * that kubelet would try, in its order, the outgoing ones among them; without a login only where none is for the image.
 * An image to be pinned is always checked.
 *
 * A server with `*` is no one host, so that it is checked by its images alone. An image whose first login is in
 * somebody else's Secret is not verified: that login may well be the one that pulls it.
 */
export function planChecks(
  logins: WorkloadsLogins,
  workloads: PinnableWorkload[],
  namespaceKeys: readonly string[],
  verify: boolean,
): PlannedChecks {
  const ours = [
    ...holdings(logins.registries, "registries"),
    ...holdings(logins.previousRegistries, "previousRegistries"),
  ];
  const others: Holding[] = (logins.extraPullSecrets ?? []).flatMap(({ secretNames, servers }) =>
    secretNames.flatMap((origin) => servers.map((server) => ({ server, origin }))),
  );
  const checks: PlannedChecks = { registries: [], images: [], unpinnable: [] };
  if (verify) {
    checks.registries = ours
      .filter(({ server }) => !server.includes("*"))
      .map(({ origin, credential }) => ({
        path: origin,
        check: registryCheck(credential),
        serves: served(credential, namespaceKeys),
      }));
  }
  for (const workload of workloads) {
    const { key } = namespaceKey(workload.namespace, namespaceKeys);
    const usable = [...ours.filter(({ credential }) => goesTo(key, credential)), ...others];
    for (const place of workload.images) {
      planImage(workload, place, usable, verify, checks);
    }
  }
  return checks;
}

function holdings(registries: unknown, path: string): Required<Holding>[] {
  return checkCredentials(registries ?? [], path).credentials.map((credential, index) => ({
    server: credential.server,
    origin: `${path}[${index}]`,
    credential,
  }));
}

function registryCheck({ server, username, password, insecure, caBundle }: Credential): RegistryCheck {
  return { server, username, password, insecure, caBundle };
}

function served(credential: Credential, namespaceKeys: readonly string[]): string[] {
  const server = parseRegistryKey(credential.server)?.indexKey;
  return namespaceKeys.filter((key) => goesTo(key, credential)).map((key) => JSON.stringify([key, server]));
}

function planImage(
  { name, given, pinDigest }: PinnableWorkload,
  place: ContainerImage,
  usable: Holding[],
  verify: boolean,
  checks: PlannedChecks,
): void {
  const { image } = place;
  const path = `${joinPath("deployments", name)}.${imagePath(given, place)}`;
  const reference = parseImageReference(image);
  const inOrder = loginsInKubeletOrder(reference, usable);
  const attempts: PlannedImageCheck["attempts"] = inOrder.flatMap(({ credential, origin }) =>
    credential ? [{ path: origin, check: { image, ...registryCheck(credential) } }] : [],
  );
  const [first] = inOrder;
  const unread = inOrder.find(({ credential }) => credential === undefined)?.origin;
  const isPin = pinDigest && reference.digest === undefined;
  if (first === undefined) {
    attempts.push({ check: { image } });
  } else if (attempts.length === 0 && isPin) {
    checks.unpinnable.push({
      path,
      reason: `can't be pinned: its login is in the Secret ${quote(first.origin)}, which is not read here. Write the digest into the image, or leave \`pinDigest\` out.`,
    });
  }
  const isVerified = verify && (first === undefined || first.credential !== undefined);
  if (attempts.length > 0 && (isPin || isVerified)) {
    checks.images.push({
      path,
      deployment: name,
      image,
      attempts,
      isPin,
      ...(unread !== undefined && { unread }),
    });
  }
}
