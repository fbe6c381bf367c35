import type { Problem } from "../problems";
import { isObject, kindOf } from "../records";
import { joinWords } from "../suggestions";
import { controlProblem, memberProblem } from "./credentialMembers";
import { ecrExpiry, ecrPassword, ecrUsername, isEcrPassword, notEcrToken } from "./ecrToken";
import { googleKeyInOneLine, googleKeyUsername, notGoogleKey } from "./googleKey";
import { accessKeyProblem, regionProblem, swrLogin } from "./huaweiSwr";
import { jsonTextOf } from "./jsonText";
import { isGiven, type MemberTexts, memberTexts, unknownLoginMembers } from "./memberTexts";

/** The members of a login of which it has exactly one. */
export const secretMembers = ["password", "huaweiSwr", "ecrToken", "googleKey"] as const;
type SecretMember = (typeof secretMembers)[number];

/** What a login's secret says; empty texts where it has problems. */
export interface LoginSecret {
  member?: SecretMember;
  password: string;
  /** The only user name that goes with the secret; undefined with a password. */
  username?: string;
  /** The server that the secret is for; undefined if it does not name one. */
  server?: string;
  /** Why a server must be given; undefined if it may be left out. */
  serverHint?: string;
  /** When the secret says that it expires. */
  expiresAt?: string;
}

/** Which of its secrets a login has; those that are null, as of an empty line in YAML, only if it has no other. */
export function givenSecrets(entry: Record<string, unknown>): SecretMember[] {
  const given = secretMembers.filter((member) => isGiven(entry[member]));
  return given.length > 0 ? given : secretMembers.filter((member) => entry[member] === null);
}

/** Reads the secret of a login. Problems never quote it. */
export function readLoginSecret(
  entry: Record<string, unknown>,
  path: string,
  problems: Problem[],
  holdsSecret: (text: string) => boolean,
): LoginSecret {
  const texts = memberTexts({ ...entry, googleKey: jsonTextOf(entry["googleKey"]) }, path, problems);
  const [member = "password", ...others] = givenSecrets(entry);
  if (others.length > 0) {
    const reason = `has ${[member, ...others].join(" and ")}: give exactly one of ${joinWords(secretMembers)}.`;
    problems.push({ path, reason });
    return { password: "" };
  }
  switch (member) {
    case "password":
      return { member, password: texts.text(member, passwordHint) };
    case "huaweiSwr":
      return { member, ...huaweiSecret(entry[member], path, problems, holdsSecret) };
    case "ecrToken":
      return { member, ...ecrSecret(texts) };
    case "googleKey":
      return { member, ...googleSecret(texts) };
  }
}

const passwordHint =
  "set it with `pulumi config set --secret --path`, or give huaweiSwr, ecrToken or googleKey instead.";

const swrMembers = ["region", "accessKey", "secretKey"] as const;

function huaweiSecret(
  keys: unknown,
  path: string,
  problems: Problem[],
  holdsSecret: (text: string) => boolean,
): LoginSecret {
  const place = `${path}.huaweiSwr`;
  if (!isObject(keys)) {
    problems.push({ path: place, reason: `is ${kindOf(keys)}: give region, accessKey and secretKey.` });
    return { password: "" };
  }
  const found: Problem[] = unknownLoginMembers(keys, swrMembers, place, holdsSecret);
  const { text } = memberTexts(keys, place, found);
  const region = text("region", "give the region of the registry, such as cn-north-4.", regionProblem);
  const accessKey = text("accessKey", "give the access key ID (AK).", accessKeyProblem);
  const secretKey = text("secretKey", "set it with `pulumi config set --secret --path`.");
  problems.push(...found);
  return found.length > 0
    ? { password: "", ...(region !== "" && { server: swrLogin({ region, accessKey, secretKey }).server }) }
    : swrLogin({ region, accessKey, secretKey });
}

function ecrSecret({ text }: MemberTexts): LoginSecret {
  const token = text("ecrToken", "give the authorizationToken from GetAuthorizationToken.", ecrTokenProblem);
  return {
    password: ecrPassword(token) ?? "",
    username: ecrUsername,
    serverHint:
      "give the registry's host, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com: the token does not name it.",
    expiresAt: ecrExpiry(token),
  };
}

function ecrTokenProblem(text: string): string | undefined {
  const reason = memberProblem(text) ?? controlProblem(text);
  if (reason !== undefined || ecrPassword(text) !== undefined) {
    return reason;
  }
  return isEcrPassword(text)
    ? "is the password that `aws ecr get-login-password` prints: give it as `password`, with the username AWS."
    : notEcrToken;
}

function googleSecret({ text }: MemberTexts): LoginSecret {
  const key = text("googleKey", "give the JSON key of a service account.", (given) =>
    googleKeyInOneLine(given) === undefined ? notGoogleKey : undefined,
  );
  return {
    password: googleKeyInOneLine(key) ?? "",
    username: googleKeyUsername,
    serverHint:
      "give the registry's host, such as europe-west1-docker.pkg.dev or gcr.io: the key does not name it.",
  };
}
