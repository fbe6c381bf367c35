import {
  askFilter,
  AskPermissionError,
  notAskedNotes,
  parseAskPermission,
} from "../components/lib/preflight/askPermission";
import type { ImageCheck, RegistryCheck } from "../components/registry/access";
import { loadClient } from "../components/registry/load";
import type { PreflightChecks, PreflightResults } from "../components/registry/runChecks";
import { AuditError } from "./auditError";
import type { Cluster, ClusterSecret } from "./cluster";
import type { HeldLogin, JudgedPull } from "./judge";
import type { SecretUsers } from "./secretUsers";
import { serverKeyProblem } from "./serverKey";

/** A login that was asked about, once for all Secrets that hold it. */
export interface AskedLogin {
  check: RegistryCheck;
  secrets: ClusterSecret[];
}

/** An image that was asked for, with the logins that kubelet tries, once for all pods that pull it so. */
export interface AskedImage {
  image: string;
  /** Empty if it was asked for without a login. */
  logins: HeldLogin[];
  pulls: JudgedPull[];
}

/** What to ask the registries. */
export interface Questions {
  logins: AskedLogin[];
  images: AskedImage[];
  /** The registries that the environment does not permit to ask. */
  notAsked: string[];
}

/**
 * What to ask: each login of a Secret that something lists, and each image, with the logins that kubelet tries or without one.
 * Images that the nodes log in for are left out, because only the nodes have that login.
 *
 * @param permission the value of KUBERNETES_PRIVATE_REGISTRY_ASK
 * @throws AuditError if that can't be read
 */
export function questions(
  { secrets = [] }: Cluster,
  users: ReadonlyMap<string, SecretUsers>,
  pulls: readonly JudgedPull[],
  permission: string | undefined,
): Questions {
  const { mayAsk, notAsked } = askFilter(permissionIn(permission));
  const used = secrets.filter(({ namespace, name }) => users.has(`${namespace}/${name}`));
  return {
    logins: distinctLogins(used).filter(({ check }) => mayAsk(check)),
    images: distinctImages(pulls).filter((asked) => checksOf(asked).every(mayAsk)),
    notAsked: [...notAsked],
  };
}

/** Asks them, each question once. */
export function ask({ logins, images }: Questions): Promise<PreflightResults> {
  const checks: PreflightChecks = {
    registries: logins.map(({ check }) => check),
    images: images.map((asked) => {
      const [first, ...next] = checksOf(asked);
      return { ...first, image: asked.image, next };
    }),
  };
  return loadClient().preflight(checks);
}

function permissionIn(value: string | undefined): (registry: string) => boolean {
  try {
    return parseAskPermission(value);
  } catch (error) {
    throw error instanceof AskPermissionError ? new AuditError(error.message) : error;
  }
}

/** A note about the registries that were not asked; undefined if all were. */
export function notAskedNote({ notAsked }: Questions): string | undefined {
  return notAskedNotes(notAsked)[0]?.reason;
}

function distinctLogins(secrets: readonly ClusterSecret[]): AskedLogin[] {
  const logins = new Map<string, AskedLogin>();
  for (const secret of secrets) {
    for (const { server, username, password } of secret.entries ?? []) {
      if (
        server.includes("*") ||
        username === "" ||
        password === "" ||
        serverKeyProblem(server) !== undefined
      ) {
        continue;
      }
      const check = { server: overHttps(server), username, password };
      const key = JSON.stringify(check);
      const asked = logins.get(key);
      if (asked === undefined) {
        logins.set(key, { check, secrets: [secret] });
      } else {
        asked.secrets.push(secret);
      }
    }
  }
  return [...logins.values()];
}

function distinctImages(pulls: readonly JudgedPull[]): AskedImage[] {
  const images = new Map<string, AskedImage>();
  for (const pull of pulls.filter(({ state }) => state === "served" || state === "anonymous")) {
    const { image, logins } = pull;
    const key = JSON.stringify([
      image.image,
      logins.map(({ server, username, password }) => [server, username, password]),
    ]);
    const asked = images.get(key);
    if (asked === undefined) {
      images.set(key, { image: image.image, logins, pulls: [pull] });
    } else {
      asked.pulls.push(pull);
    }
  }
  return [...images.values()];
}

/** In kubelet's order. An entry without a login is tried as no login at all, as container runtimes do. */
function checksOf({ image, logins }: AskedImage): ImageCheck[] {
  return logins.length === 0
    ? [{ image }]
    : logins.map(({ server, username, password }) =>
        username === "" || password === ""
          ? { image }
          : { image, server: overHttps(server), username, password },
      );
}

/** The scheme in a Secret decides nothing on a node, and must not send its password over a network in clear text. */
export function overHttps(server: string): string {
  return server.replace(/^http:\/\//, "");
}
