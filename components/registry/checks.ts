import { imageAccess, type ImageCheck, type RegistryCheck, serverAccess } from "./access";
import { computedDigest, statedDigest } from "./answer";
import { notARegistry } from "./answerFailures";
import { withDeadline } from "./deadline";
import { handshakeOf, logIn } from "./logIn";
import { type ManifestPull, pullManifest } from "./manifest";
import type { Session } from "./session";

/** The result of a login check. */
export interface ProbeResult {
  /**
   * How the registry accepted the login. `none`: nothing is proven, because the registry serves everyone at `/v2/` and never
   * asked for the login, or because its token service only issues tokens for images.
   */
  handshake: "basic" | "bearer" | "none";
}

/** What an image reference points to right now. */
export interface ResolvedDigest {
  /** `sha256:` and 64 hexadecimal digits, unless the image names a digest with another algorithm. */
  digest: string;
}

/** Checks one login. */
export async function checkRegistry(session: Session, check: RegistryCheck): Promise<ProbeResult> {
  const registry = serverAccess(check);
  const asked = session.asked(registry);
  const { handshake, isProven } = await withDeadline(session, asked, () => logIn(session, registry));
  return { handshake: handshake && isProven ? handshake.scheme : "none" };
}

/** Checks that one image can be pulled, and finds its digest. */
export async function checkImage(session: Session, check: ImageCheck): Promise<ResolvedDigest> {
  const image = imageAccess(check);
  const { registry, reference } = image;
  const asked = session.asked(registry, { image: check.image, login: registry.login });
  return withDeadline(session, asked, async (signal) => {
    const loggedIn = registry.login
      ? await logIn(session, registry)
      : { handshake: await handshakeOf(session, registry), isProven: false };
    const digest = await manifestDigest(session, { image, loggedIn, signal, asked });
    if (digest === undefined || (reference.digest !== undefined && reference.digest !== digest)) {
      throw notARegistry(
        asked,
        `answered ${JSON.stringify(check.image)} with something that is not its manifest`,
      );
    }
    return { digest };
  });
}

/** The digest that the registry states or, when it states none, the digest of the manifest itself. */
async function manifestDigest(
  session: Session,
  pull: Omit<ManifestPull, "method">,
): Promise<string | undefined> {
  const [algorithm = "sha256"] = pull.image.reference.digest?.split(":") ?? [];
  const head = await pullManifest(session, { ...pull, method: "HEAD" });
  return (
    (head.status === 200 ? statedDigest(head, algorithm) : undefined) ??
    computedDigest(await pullManifest(session, { ...pull, method: "GET" }), algorithm)
  );
}
