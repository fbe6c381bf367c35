import type { ImageCheck, RegistryCheck } from "../../registry/access";
import { usesHttp } from "../../registry/endpoint";
import { PreflightError, PreflightReason } from "../../registry/preflightError";
import { dockerHubServer } from "../kubelet/dockerHub";
import { ImageReferenceError, parseImageReference } from "../kubelet/imageReference";
import { canonicalServer, ServerError } from "../kubelet/server";
import { MessageError, type Problem, quote } from "../problems";
import type { PlannedChecks } from "./checks";

/** The environment variable by which a pipeline limits the registries to ask, whatever the stack and the program want. */
export const askVariable = "KUBERNETES_PRIVATE_REGISTRY_ASK";

/** The variable's value is invalid. The message names the variable and what is allowed. */
export class AskPermissionError extends MessageError {
  override readonly name = "AskPermissionError";
}

/** Whether a registry may be asked: `docker.io`, or `host[:port]`, with a leading `http://` for plain http. */
export type AskPermission = (registry: string) => boolean;

/**
 * Reads the value of {@link askVariable}: undefined permits every registry, `off` none, and a list only its hosts. The list
 * separates hosts by commas and spells them as in `server`, without a path or `*`; ports are compared as text. A host with
 * `http://` may also be asked over plain http, one without only over https.
 *
 * @throws AskPermissionError for any other value, including an empty one: a list that got lost must not permit everything.
 */
export function parseAskPermission(value: string | undefined): AskPermission {
  if (value === undefined) {
    return () => true;
  }
  if (value.trim() === "off") {
    return () => false;
  }
  const permitted = new Set(value.split(",").map((entry, index) => permittedRegistry(entry.trim(), index)));
  return (registry) => permitted.has(registry) || permitted.has(`http://${registry}`);
}

function permittedRegistry(entry: string, index: number): string {
  const problem = entryProblem(entry);
  if (problem !== undefined) {
    throw new AskPermissionError(
      `The environment variable ${askVariable} can't be used: its entry ${index + 1} ${problem} Allowed are \`off\`, or hosts separated by commas, such as "docker.io,registry.example.com:5000".`,
    );
  }
  return registryAt(canonicalServer(entry), false);
}

function entryProblem(entry: string): string | undefined {
  try {
    const server = canonicalServer(entry);
    if (server.includes("*")) {
      return "has a `*`: list each host.";
    }
    return /^(https?:\/\/)?[^/]+(\/|\/v[12]\/)?$/.test(server)
      ? undefined
      : "has a path: give only the host.";
  } catch (error) {
    if (error instanceof ServerError) {
      return `${error.reason}.`;
    }
    throw error;
  }
}

/** The registry that a check asks, as a permission names it; undefined if the check can't reach any. */
export function askedRegistry(check: RegistryCheck | ImageCheck): string | undefined {
  try {
    return "image" in check
      ? imageRegistry(check)
      : registryAt(canonicalServer(check.server), check.insecure ?? false);
  } catch (error) {
    if (error instanceof ServerError || error instanceof ImageReferenceError) {
      return undefined;
    }
    throw error;
  }
}

function imageRegistry({ image, server, insecure }: ImageCheck): string {
  const { domain } = parseImageReference(image);
  return written(domain, usesHttp(server, insecure ?? false));
}

function registryAt(server: string, insecure: boolean): string {
  return server === dockerHubServer
    ? "docker.io"
    : written(server.replace(/^https?:\/\//, "").replace(/\/.*/, ""), usesHttp(server, insecure));
}

/** Docker Hub is never asked over plain http. */
function written(host: string, http: boolean): string {
  return http && host !== "docker.io" ? `http://${host}` : host;
}

/**
 * Requires that the variable's value permits a check.
 *
 * @throws PreflightError `invalid` if it does not, or the value is invalid.
 */
export function requireAskPermission(check: RegistryCheck | ImageCheck, value: string | undefined): void {
  const registry = askedRegistry(check);
  const host = registry?.replace("http://", "") ?? "";
  const invalid = (message: string): PreflightError =>
    new PreflightError(PreflightReason.Invalid, { registry: host }, message);
  let isPermitted: AskPermission;
  try {
    isPermitted = parseAskPermission(value);
  } catch (error) {
    throw error instanceof AskPermissionError ? invalid(error.message) : error;
  }
  if (registry !== undefined && !isPermitted(registry)) {
    throw invalid(
      `The registry ${quote(registry)} is not asked: the environment variable ${askVariable} does not permit it. Name the registry there if it may be.`,
    );
  }
}

/** Says of each check whether it is permitted, and collects the registries of those that are not. */
export function askFilter(isPermitted: AskPermission): {
  mayAsk: (check: RegistryCheck | ImageCheck) => boolean;
  notAsked: Set<string>;
} {
  const notAsked = new Set<string>();
  const mayAsk = (check: RegistryCheck | ImageCheck): boolean => {
    const registry = askedRegistry(check);
    if (registry === undefined || isPermitted(registry)) {
      return true;
    }
    notAsked.add(registry);
    return false;
  };
  return { mayAsk, notAsked };
}

/** The permitted checks, and the registries of the others. */
export function permittedChecks(
  { registries, images, unpinnable }: PlannedChecks,
  isPermitted: AskPermission,
): { checks: PlannedChecks; notAsked: string[] } {
  const { mayAsk, notAsked } = askFilter(isPermitted);
  const permitted = images.map(({ attempts }) => attempts.filter(({ check }) => !mayAsk(check)).length === 0);
  return {
    checks: {
      registries: registries.filter(({ check }) => mayAsk(check)),
      images: images.filter((_, index) => permitted[index]),
      unpinnable: [
        ...unpinnable,
        ...images
          .filter(({ isPin }, index) => isPin && !permitted[index])
          .map(({ path }) => ({
            path,
            reason: `can't be pinned (pinDigest): the environment variable ${askVariable} does not permit asking its registry. Name the registry there, write the digest into the image, or leave \`pinDigest\` out.`,
          })),
      ],
    },
    notAsked: [...notAsked],
  };
}

/** One note that names the registries that are not asked, and why; empty if all are. */
export function notAskedNotes(registries: readonly string[]): Problem[] {
  if (registries.length === 0) {
    return [];
  }
  const shown = registries.slice(0, 8).map(quote).join(", ");
  const more = registries.length > 8 ? ` and ${registries.length - 8} more` : "";
  const count = registries.length === 1 ? "1 registry is" : `${registries.length} registries are`;
  const reason = `${count} not asked, because the environment variable ${askVariable} does not permit it: ${shown}${more}.`;
  return [{ path: "verify", reason }];
}
