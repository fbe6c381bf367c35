import { describeProblems, MessageError, type Problem } from "./problems";
import { isObject, kindOf } from "./records";

/** An entry of `registries`, in plain strings: username and password are secrets. */
export interface PresetLogin {
  /** The registry as images name it, with a port if they do. */
  server: string;
  /** The user name that the registry asks for with this kind of token. */
  username: string;
  /** The token, or what is derived from it. */
  password: string;
  /** When the registry stops to accept it (RFC 3339). */
  expiresAt?: string;
}

/** A preset was given what its registry can't take; the message names each member and none of the secrets. */
export class PresetError extends MessageError {
  override readonly name = "PresetError";
}

/** User name and access token of an account. */
export interface TokenLogin {
  /** User name as the registry shows it. */
  username: string;
  /** Access token, or what the registry calls it; secret. */
  token: string;
}

/** A login at a registry that runs under a host of its own. */
export interface HostedLogin extends TokenLogin {
  /** The registry as images name it: `registry.example.com`, with a port if they do. */
  server: string;
}

/** What Amazon ECR's GetAuthorizationToken returns, in the AWS CLI as in `aws.ecr.getAuthorizationToken`. */
export interface EcrAuthorization {
  /** Base64 of `AWS:<password>`. */
  authorizationToken: string;
  /** The registry: `https://<account>.dkr.ecr.<region>.amazonaws.com`. */
  proxyEndpoint: string;
  /** Twelve hours after the token was made. */
  expiresAt?: string;
}

/** Access keys of a Huawei Cloud user, and the region of its registry. */
export interface HuaweiAccessKeys {
  /** Region, such as `cn-north-4`. */
  region: string;
  /** Access key id (AK): letters and digits. */
  accessKey: string;
  /** Secret access key (SK). */
  secretKey: string;
}

/** A login whose registry is at `server`, or at the default. */
export function hosted(
  preset: string,
  login: TokenLogin & { server?: string },
  defaultServer?: string,
): PresetLogin {
  const given = isObject(login) ? { ...login, server: login.server ?? defaultServer } : {};
  const { server, username, token } = strings(preset, given, "server", "username", "token");
  return { server, username, password: token };
}

/** The members of a preset's argument, which may come from untyped code, once each is a usable string. */
export function strings<Member extends string>(
  preset: string,
  given: object,
  ...members: Member[]
): Record<Member, string> {
  const values = (isObject(given) ? given : {}) as Record<Member, string>;
  check(preset, Object.fromEntries(members.map((member) => [member, textProblem(values[member])])));
  return values;
}

/** Why a value is no usable string, if so. */
export function textProblem(value: unknown, isOptional = false): string | undefined {
  if (value === undefined || value === null) {
    return isOptional ? undefined : "is missing.";
  }
  if (typeof value !== "string") {
    return `is ${kindOf(value)}: give a string; for an Output, use \`apply\`.`;
  }
  return value.trim() === "" ? "is empty." : undefined;
}

/** @throws PresetError with every reason that is given, each after its member */
export function check(preset: string, reasons: Record<string, string | undefined>): void {
  const problems = Object.entries(reasons).flatMap(([path, reason]): Problem[] =>
    reason === undefined ? [] : [{ path, reason }],
  );
  if (problems.length > 0) {
    throw new PresetError(describeProblems(`registryPresets.${preset}`, problems));
  }
}
