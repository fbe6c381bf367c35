import { type ImageReference, ImageReferenceError, parseImageReference } from "../lib/kubelet/imageReference";
import { caBundleProblem } from "../lib/logins/caBundle";
import type { Login } from "./authSchemes";
import { imageEndpoint, type RegistryEndpoint, serverEndpoint } from "./endpoint";
import { PreflightError, PreflightReason } from "./preflightError";

/** A registry, how to connect to it and which login to use. */
export interface RegistryAccess extends RegistryEndpoint {
  /** Absent for anonymous access. */
  login?: Login;
  /** CAs trusted for this registry, in PEM. */
  caBundle?: string;
}

/** The login of one registry, to check on its own. */
export interface RegistryCheck {
  /** As the pull Secret spells it, such as `registry.example.com:5000`; a leading `http://` means plain http. */
  server: string;
  /** The account's user name. */
  username: string;
  /** Its password or access token. */
  password: string;
  /** Plain http for a server that is written without a scheme. Default false. */
  insecure?: boolean;
  /** PEM of the CA of a registry with a certificate of a private CA, trusted beside the public ones. */
  caBundle?: string;
}

/** One image, and the login that kubelet would try first. */
export interface ImageCheck {
  /** Image reference, such as `registry.example.com/shop/web:v1`; `latest` if it has neither tag nor digest. */
  image: string;
  /** The login's server, as the pull Secret spells it; it must match this image. A leading `http://` means plain http. */
  server?: string;
  /** The account's user name. Leave out both this and the password for an anonymous check. */
  username?: string;
  /** Its password or access token; needs a username. */
  password?: string;
  /** Plain http for a server that is written without a scheme. Default false. */
  insecure?: boolean;
  /** PEM of the CA of a registry with a certificate of a private CA, trusted beside the public ones. */
  caBundle?: string;
}

/** The distinct logins of the checks. */
export function distinctLogins(checks: readonly (RegistryCheck | ImageCheck)[]): Login[] {
  const logins = checks.flatMap(({ username = "", password = "" }) =>
    username === "" && password === "" ? [] : [{ username, password }],
  );
  return [...new Map(logins.map((login) => [JSON.stringify(login), login])).values()];
}

/**
 * How to reach the registry of a login.
 *
 * @throws PreflightError `invalid` for a server that does not name one single host, or a `caBundle` that is not PEM.
 */
export function serverAccess({
  server,
  username,
  password,
  insecure,
  caBundle,
}: RegistryCheck): RegistryAccess {
  const endpoint = serverEndpoint(server, insecure);
  return { ...endpoint, login: { username, password }, caBundle: checkedCaBundle(endpoint, caBundle) };
}

/** An image to check, and its registry. */
export interface ImageAccess {
  registry: RegistryAccess;
  reference: ImageReference;
}

/**
 * How to reach the registry of an image.
 *
 * @throws PreflightError `invalid` for a malformed image reference, a username without a password or the reverse, or a
 * `caBundle` that is not PEM.
 */
export function imageAccess({ image, server, insecure, caBundle, ...login }: ImageCheck): ImageAccess {
  const reference = referenceOf(image);
  const endpoint = imageEndpoint(reference, server, insecure);
  return {
    registry: {
      ...endpoint,
      login: wholeLogin(endpoint, login),
      caBundle: checkedCaBundle(endpoint, caBundle),
    },
    reference,
  };
}

function referenceOf(image: string): ImageReference {
  try {
    return parseImageReference(image);
  } catch (error) {
    if (!(error instanceof ImageReferenceError)) {
      throw error;
    }
    // The text before an "@" may be a login, as in a URL.
    const shown = image.includes("@") ? undefined : image;
    throw new PreflightError(PreflightReason.Invalid, { registry: "", image: shown }, error.message);
  }
}

function wholeLogin(
  { host }: RegistryEndpoint,
  { username, password }: { username?: string; password?: string },
): Login | undefined {
  if (username !== undefined && password !== undefined) {
    return { username, password };
  }
  if (username === password) {
    return undefined;
  }
  throw new PreflightError(
    PreflightReason.Invalid,
    { registry: host },
    `The login for the registry "${host}" has only a username or only a password: give both, or neither for an anonymous check.`,
  );
}

function checkedCaBundle({ host }: RegistryEndpoint, caBundle: string | undefined): string | undefined {
  const problem = caBundle === undefined ? undefined : caBundleProblem(caBundle);
  if (problem === undefined) {
    return caBundle;
  }
  throw new PreflightError(
    PreflightReason.Invalid,
    { registry: host },
    `The caBundle of the registry "${host}" ${problem}`,
  );
}
