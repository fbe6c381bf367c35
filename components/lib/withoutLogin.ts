const digests = /(?:@(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))+$/;

/** A malformed digest after a name without a colon, which therefore can't be `user:password`. */
const wrongDigest = /^[^:@]*@(?:sha|md)\d{1,3}:[a-f0-9]*$/i;

/**
 * The part that is safe to show of a text that should be a server, an image or a key of `auths`, but may contain a login.
 * Leaves out everything before an `@` (except a digest's), everything after the `?`, `#`, `;` or `&` of a query, and a port
 * that may be a password, as in `janedoe:hunter2`. Three dots mark each omission.
 *
 * @param isImage whether a colon may precede a tag
 */
export function withoutLogin(text: string, isImage = false): string {
  if (isImage && wrongDigest.test(text)) {
    return text;
  }
  const digest = digests.exec(text)?.[0] ?? "";
  const shown = text
    .slice(0, text.length - digest.length)
    .replace(/^.*(?:@|%40)/is, "...@")
    .replace(/[?#;&=].*/s, (query) => (query.includes("=") ? `${query.charAt(0)}...` : query));
  return `${withoutPassword(shown, isImage)}${digest}`;
}

function withoutPassword(text: string, isImage: boolean): string {
  const [, start = "", host = "", port = "", path = ""] =
    /^(\.\.\.@|[^/:]*:\/\/)?([^/:[\]]*):([^/]*)(.*)$/s.exec(text) ?? [];
  const isTag = isImage && path === "" && start === "";
  const isPort = /^[\d:]*$/.test(port) || (start !== "...@" && host.includes(".") && port.length < 6);
  return isTag || isPort ? text : `${start}${host}:...${path}`;
}
