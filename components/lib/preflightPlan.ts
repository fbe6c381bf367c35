import { checkCredentials, type Credential } from "./credentials";
import { parseImageReference } from "./imageReference";
import { joinPath } from "./problems";
import { goesTo } from "./pullSecretPlan";
import type { ImageCheck, RegistryCheck } from "./registry/access";
import { loginsInKubeletOrder } from "./registryKey";
import { type ContainerImage, imagePath } from "./workload";
import { namespaceKey, type PlacedWorkload, type WorkloadsLogins } from "./workloadsPlan";

/** A workload whose images may be pinned. */
export interface PinnableWorkload extends PlacedWorkload {
  pinDigest: boolean;
}

/** A login to be checked by itself. */
export interface PlannedRegistryCheck {
  /** Property path of the login, such as `registries[0]`. */
  path: string;
  check: RegistryCheck;
}

/** An image to be checked with one login, or anonymously. */
export interface PlannedImageCheck {
  /** Property path of the image, such as `deployments.web.image`. */
  path: string;
  deployment: string;
  check: ImageCheck;
  /** Whether the image gets the digest that the check finds. */
  isPin: boolean;
}

/** What registries are to be asked, and the images that can't be pinned: their login is somebody else's Secret. */
export interface PlannedChecks {
  registries: PlannedRegistryCheck[];
  images: PlannedImageCheck[];
  unpinnable: { path: string; pullSecret: string }[];
}

/** A login that a pod of some namespace can use; `credential` is absent where somebody else makes its Secret. */
interface Holding {
  server: string;
  /** Path of the login, or the name of the Secret. */
  origin: string;
  credential?: Credential;
}

/**
 * The checks of logins and workloads that have no problems. With `verify` each registry, and each image with the login
 * that kubelet would try first among the current ones, and among the outgoing ones. Of an image to be pinned always the
 * first of these.
 *
 * A server with `*` is no one host, so that it is checked by its images alone. An image whose first login is in
 * somebody else's Secret is not checked.
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
      .map(({ origin, credential }) => ({ path: origin, check: registryCheck(credential) }));
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
  const readable = inOrder.flatMap(({ credential, origin }) => (credential ? [{ credential, origin }] : []));
  const isToBePinned = pinDigest && reference.digest === undefined;
  const first = inOrder[0];
  if (first !== undefined && readable.length === 0 && isToBePinned) {
    checks.unpinnable.push({ path, pullSecret: first.origin });
  }
  const isVerified = verify && (first === undefined || first.credential !== undefined);
  const credentials = firstOfEachList(readable).map(({ credential }) => registryCheck(credential));
  const logins = inOrder.length === 0 ? [{}] : credentials;
  for (const [index, login] of logins.entries()) {
    const isPin = isToBePinned && index === 0;
    if (isPin || isVerified) {
      checks.images.push({ path, deployment: name, check: { image, ...login }, isPin });
    }
  }
}

/** The first current login and the first outgoing one, in the order in which kubelet tries them. */
function firstOfEachList<Login extends { origin: string }>(logins: Login[]): Login[] {
  const listOf = ({ origin }: Login): string => origin.replace(/\[.*/, "");
  return logins.filter(
    (login, index) => logins.findIndex((other) => listOf(other) === listOf(login)) === index,
  );
}
