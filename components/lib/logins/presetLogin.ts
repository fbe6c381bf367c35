import { describeProblems, MessageError, type Problem } from "../problems";
import { isObject, kindOf } from "../records";

/** An entry of `registries` in plain strings. Username and password are secret. */
export interface PresetLogin {
  /** The registry as images name it, including any port. */
  server: string;
  /** The user name that the registry expects with this kind of token. */
  username: string;
  /** The token, or a password derived from it. */
  password: string;
  /** When the registry stops accepting it (RFC 3339). */
  expiresAt?: string;
}

/** A preset's argument is invalid. The message names each wrong member, never a secret. */
export class PresetError extends MessageError {
  override readonly name = "PresetError";
}

/** An account's user name and access token. */
export interface TokenLogin {
  /** The user name as the registry shows it. */
  username: string;
  /** The access token, whatever the registry calls it. Secret. */
  token: string;
}

/** A login at a registry with its own host name. */
export interface HostedLogin extends TokenLogin {
  /** The registry as images name it, including any port: `registry.example.com`. */
  server: string;
}

/** The result of Amazon ECR's GetAuthorizationToken, from the AWS CLI or `aws.ecr.getAuthorizationToken`. */
export interface EcrAuthorization {
  /** Base64 of `AWS:<password>`. */
  authorizationToken: string;
  /** The registry: `https://<account>.dkr.ecr.<region>.amazonaws.com`. */
  proxyEndpoint: string;
  /** Twelve hours after the token was issued. */
  expiresAt?: string;
}

/** A login at `server`, or at the default server. */
export function hosted(
  preset: string,
  login: TokenLogin & { server?: string },
  defaultServer?: string,
): PresetLogin {
  const withServer = isObject(login) ? { ...login, server: login.server ?? defaultServer } : {};
  const { server, username, token } = strings(preset, withServer, "server", "username", "token");
  return { server, username, password: token };
}

/** The members of a preset's argument, each checked to be a usable string: it may come from untyped code. */
export function strings<Member extends string>(
  preset: string,
  argument: object,
  ...members: Member[]
): Record<Member, string> {
  const values = (isObject(argument) ? argument : {}) as Record<Member, string>;
  check(preset, Object.fromEntries(members.map((member) => [member, textProblem(values[member])])));
  return values;
}

/** Why a value is not a usable string, or undefined. */
export function textProblem(value: unknown, isOptional = false): string | undefined {
  if (value === undefined || value === null) {
    return isOptional ? undefined : "is missing.";
  }
  if (typeof value !== "string") {
    return `is ${kindOf(value)}: give a string; for an Output, use \`apply\`.`;
  }
  return value.trim() === "" ? "is empty." : undefined;
}

/** Whether a text can be a label of a host name. */
export function isHostLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

/** @throws PresetError with every reason, each after its member; does nothing if there are none */
export function check(preset: string, reasons: Record<string, string | undefined>): void {
  const problems = Object.entries(reasons).flatMap(([path, reason]): Problem[] =>
    reason === undefined ? [] : [{ path, reason }],
  );
  if (problems.length > 0) {
    throw new PresetError(describeProblems(`registryPresets.${preset}`, problems));
  }
}
