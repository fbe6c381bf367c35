import type { ImageAccess } from "../../lib/registry/access";
import { type Answer, fieldValues, isRedirect } from "../../lib/registry/answer";
import { redirectRefused, tooManyRedirects } from "../../lib/registry/answerFailures";
import { type Asked, namedHost } from "../../lib/registry/asked";
import { maxRedirects, redirectTarget } from "../../lib/registry/redirect";
import { manifestMediaTypes, manifestUrl } from "../../lib/registry/requestUrl";
import type { Session } from "./session";

/** OCI distribution-spec: registries may refuse manifests above 4 MiB. */
const bodyLimit = 4 * 1024 * 1024;

export interface ManifestRequest {
  method: "GET" | "HEAD";
  /** Undefined for an anonymous request. */
  authorization: string | undefined;
  signal: AbortSignal;
  asked: Asked;
}

/**
 * The answer to a request for an image's manifest, redirects followed. No `Authorization` crosses to another origin.
 *
 * @throws PreflightError `redirect` for one that is not followed, or whose target wants a login.
 */
export async function requestManifest(
  session: Session,
  { registry, reference }: ImageAccess,
  { method, authorization, signal, asked }: ManifestRequest,
): Promise<Answer> {
  const transport = session.transportOf(registry);
  const accept = manifestMediaTypes.join(", ");

  async function requestAt(url: URL, headers: Headers, asker: Asked, redirects: number): Promise<Answer> {
    const answer = await transport.send({ method, url, headers, bodyLimit, signal, asked: asker });
    if (!isRedirect(answer)) {
      return answer;
    }
    if (redirects === maxRedirects) {
      throw tooManyRedirects(asked);
    }
    const target = redirectTarget(url, fieldValues(answer, "location")[0]);
    if (target === undefined) {
      throw redirectRefused(asked, answer);
    }
    if (target.origin === url.origin) {
      return requestAt(target, headers, asker, redirects + 1);
    }
    const peer = `redirect target ${namedHost(asked, target.host)}`;
    const elsewhere = await requestAt(target, { accept }, { ...asked, peer }, redirects + 1);
    if (elsewhere.status === 401 || elsewhere.status === 403) {
      throw redirectRefused(asked, answer);
    }
    return elsewhere;
  }

  const headers: Headers = authorization === undefined ? { accept } : { accept, authorization };
  return requestAt(manifestUrl(registry, reference), headers, asked, 0);
}

type Headers = Record<string, string>;
