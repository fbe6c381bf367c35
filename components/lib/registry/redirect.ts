/** How many redirects of one request are followed. */
export const maxRedirects = 3;

/**
 * Where a redirect leads, when it may be followed: by https, or within one origin. Undefined when it may not.
 *
 * @see RFC 9110 section 15.4; OCI distribution-spec lets a registry answer a manifest with a redirect.
 */
export function redirectTarget(from: URL, location: string | undefined): URL | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) {
    return undefined;
  }
  const target = new URL(location, from);
  return target.protocol === "https:" || target.origin === from.origin ? withoutUser(target) : undefined;
}

/** A redirect must not make up a login of its own. */
function withoutUser(url: URL): URL {
  url.username = "";
  url.password = "";
  return url;
}
