import { MessageError, quote } from "../problems";
import { withoutLogin } from "../withoutLogin";

/** A normalized image reference, in parts. */
export interface ImageReference {
  /** Host and optional port; `docker.io` for Docker Hub; empty for the rare names without a host, such as `a_b.test/c`. */
  domain: string;
  /** Repository within the domain; starts with `library/` for Docker Hub's official images. */
  path: string;
  /** Absent if the reference has none: `latest` is not filled in. */
  tag?: string;
  /** `<algorithm>:<lower-case hexadecimal digits>`; absent if the reference has none. */
  digest?: string;
  /** The name as Docker shows it: without tag and digest, and without Docker Hub's `docker.io/` and `library/`. */
  familiarName: string;
}

/** The text is not an image reference. The message says which part is wrong and what is allowed. */
export class ImageReferenceError extends MessageError {
  override readonly name = "ImageReferenceError";
}

const dockerHubDomain = "docker.io";
const officialPrefix = "library/";
const maxPathLength = 255;

const imageId = /^[a-f0-9]{64}$/;
const domainLabel = /^(?!-)[A-Za-z0-9-]+(?<!-)$/;
const ipv6Literal = /^\[[A-Fa-f0-9:]+\]$/;
const repositoryPath = /^[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*$/;
const validTag = /^\w[\w.-]{0,127}$/;
const validDigest = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;

/**
 * Parses an image reference as kubelet does: `nginx:1.27` is the path `library/nginx` at the domain `docker.io`.
 *
 * @param reference `[domain[:port]/]path[:tag][@digest]`
 * @throws ImageReferenceError if the reference is invalid.
 * @see github.com/distribution/reference v0.6.0, ParseNormalizedNamed
 */
export function parseImageReference(reference: string): ImageReference {
  if (imageId.test(reference)) {
    throw invalid(reference, "64 hexadecimal digits are an image ID: write the name of the image.");
  }
  const [tagged, digest] = cut(reference, reference.indexOf("@"));
  if (digest !== undefined && !validDigest.test(digest)) {
    throw invalid(
      reference,
      'after the "@" comes sha256:, sha384: or sha512: and 64, 96 or 128 lower-case hexadecimal digits.',
    );
  }
  const [name, tag] = cut(tagged, tagged.indexOf(":", tagged.lastIndexOf("/")));
  if (tag !== undefined && !validTag.test(tag)) {
    throw invalid(
      reference,
      'a tag has 1 to 128 letters, digits, "_", "." and "-", and does not begin with "." or "-".',
    );
  }
  const { domain, path } = splitName(name);
  checkPath(reference, path);
  return {
    domain,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    familiarName: familiarName(domain, path),
  };
}

/** The parsed reference, or why it is invalid. */
export function readImageReference(reference: string): ImageReference | ImageReferenceError {
  try {
    return parseImageReference(reference);
  } catch (error) {
    if (error instanceof ImageReferenceError) {
      return error;
    }
    throw error;
  }
}

/**
 * The name that kubelet compares with the servers of pull Secrets: domain and path, without tag and digest.
 *
 * @see github.com/distribution/reference v0.6.0, Named.Name
 */
export function repositoryName({ domain, path }: Pick<ImageReference, "domain" | "path">): string {
  return domain === "" ? path : `${domain}/${path}`;
}

function splitName(name: string): { domain: string; path: string } {
  const [first, rest] = cut(name, name.indexOf("/"));
  if (rest === undefined || !(first === "localhost" || /[.:A-Z]/.test(first))) {
    return { domain: dockerHubDomain, path: rest === undefined ? officialPrefix + name : name };
  }
  if (first === dockerHubDomain || first === "index.docker.io") {
    return { domain: dockerHubDomain, path: rest.includes("/") ? rest : officialPrefix + rest };
  }
  return isDomain(first) ? { domain: first, path: rest } : { domain: "", path: name };
}

function isDomain(text: string): boolean {
  const host = text.replace(/:[0-9]+$/, "");
  return ipv6Literal.test(host) || host.split(".").every((label) => domainLabel.test(label));
}

function checkPath(reference: string, path: string): void {
  if (path.length > maxPathLength) {
    throw invalid(
      reference,
      `its path has ${path.length} characters: at most ${maxPathLength} are allowed, including library/.`,
    );
  }
  if (!repositoryPath.test(path)) {
    throw invalid(
      reference,
      /[A-Z]/.test(path)
        ? `its path ${quote(withoutLogin(path))} must be lower case.`
        : 'write [domain[:port]/]path[:tag][@digest], the path in lower-case letters and digits with "/", ".", "_", "__" or "-" between them.',
    );
  }
}

function familiarName(domain: string, path: string): string {
  if (domain !== dockerHubDomain) {
    return repositoryName({ domain, path });
  }
  const short = path.startsWith(officialPrefix) ? path.slice(officialPrefix.length) : path;
  return short.includes("/") ? path : short;
}

/** The text before and after the character at `index`; the whole text if `index` is -1. */
function cut(text: string, index: number): [string, string?] {
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function invalid(reference: string, reason: string): ImageReferenceError {
  return new ImageReferenceError(
    `${quote(withoutLogin(reference, true))} is not an image reference: ${reason}`,
  );
}
