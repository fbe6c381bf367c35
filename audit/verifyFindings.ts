import { quote } from "../components/lib/problems";
import { describeTried, type TriedLogin } from "../components/lib/preflight/triedLogins";
import { withoutLogin } from "../components/lib/withoutLogin";
import { PreflightError, PreflightReason } from "../components/registry/preflightError";
import type { PreflightResults } from "../components/registry/runChecks";
import { fixOf } from "./evidence";
import type { Finding } from "./findings";
import type { JudgedPull } from "./judge";
import { namesOf, type SecretUsers } from "./secretUsers";
import { type AskedImage, type AskedLogin, overHttps, type Questions } from "./verify";

/** What the registries' answers mean. */
export interface VerifiedPulls {
  /** The pulls, with what the registries say of them in place of what only speaks for it. */
  pulls: JudgedPull[];
  /** Refused logins, and registries that could not be asked. */
  findings: Finding[];
  /** Refused logins that no pull depends on, since another one is accepted. */
  notes: Finding[];
}

/** Answers that say that a pull fails; any other failure leaves it open. */
const refusals: readonly string[] = [
  PreflightReason.Unauthorized,
  PreflightReason.Forbidden,
  PreflightReason.NotFound,
];

export function verifiedPulls(
  pulls: readonly JudgedPull[],
  { logins, images }: Questions,
  results: PreflightResults,
  users: ReadonlyMap<string, SecretUsers>,
): VerifiedPulls {
  const refused = logins.filter((_, index) => isRefusal(results.registries[index]));
  const answers = new Map<JudgedPull, JudgedPull>();
  const open = new Map<string, { failure: PreflightError; images: Set<string> }>();
  const failing = new Set<AskedImage>();
  for (const [index, failure] of results.registries.entries()) {
    if (failure instanceof PreflightError && !isRefusal(failure)) {
      noteOpen(open, failure, logins[index]?.check.server ?? "");
    }
  }
  for (const [index, asked] of images.entries()) {
    const tried = triedOf(asked, index, results);
    const last = results.images[index];
    const unanswered = tried.find(({ failure }) => !isRefusal(failure));
    if (!(last instanceof PreflightError)) {
      settle(asked, answers, undefined);
    } else if (unanswered !== undefined) {
      noteOpen(open, unanswered.failure, asked.image);
    } else {
      failing.add(asked);
      const isTold = asked.logins.length > 0 && asked.logins.every((login) => isAmong(login, refused));
      const isAllUnauthorized = tried.every(({ failure }) => failure.reason === PreflightReason.Unauthorized);
      settle(asked, answers, isTold && isAllUnauthorized ? undefined : refusedPull(asked, tried));
    }
  }
  const isSpared = (login: AskedLogin): boolean => {
    const trying = images.filter((asked) => asked.logins.some((held) => isAmong(held, [login])));
    return trying.length > 0 && trying.every((asked) => !failing.has(asked));
  };
  return {
    pulls: pulls.map((pull) => answers.get(pull) ?? pull),
    findings: [
      ...refused
        .filter((login) => !isSpared(login))
        .flatMap((login) => refusedLogin(login, results, logins, users, "")),
      ...[...open.values()].map(openQuestion),
    ],
    notes: refused
      .filter(isSpared)
      .flatMap((login) =>
        refusedLogin(
          login,
          results,
          logins,
          users,
          " Every image that is pulled with it has another login, which is accepted.",
        ),
      ),
  };
}

function isRefusal(result: object | undefined): boolean {
  return result instanceof PreflightError && refusals.includes(result.reason);
}

function isAmong(
  { server, username, password }: JudgedPull["logins"][number],
  logins: readonly AskedLogin[],
): boolean {
  return logins.some(
    ({ check }) =>
      overHttps(server) === check.server && username === check.username && password === check.password,
  );
}

/** The answer for all pulls of an image: what only spoke for it, if anything did, gives way. */
function settle(
  { pulls }: AskedImage,
  answers: Map<JudgedPull, JudgedPull>,
  evidence: JudgedPull["evidence"],
): void {
  for (const pull of pulls) {
    const { evidence: before, ...rest } = pull;
    const kept = before?.problem === "pullFails" ? before : undefined;
    const now = evidence ?? kept;
    answers.set(pull, { ...rest, ...(now && { evidence: now }) });
  }
}

function triedOf({ logins }: AskedImage, index: number, results: PreflightResults): TriedLogin[] {
  const last = results.images[index];
  const failures = [...(results.earlier[index] ?? []), ...(last instanceof PreflightError ? [last] : [])];
  return failures.map((failure, attempt) => {
    const login = logins[attempt];
    return {
      failure,
      ...(login && {
        path: `${quote(withoutLogin(login.server))} in the Secret ${quote(login.secret.name)}`,
      }),
    };
  });
}

function refusedPull(
  { image, logins, pulls }: AskedImage,
  tried: readonly TriedLogin[],
): NonNullable<JudgedPull["evidence"]> {
  const [evidence] = pulls.flatMap(({ evidence: before }) => before ?? []);
  if (logins.length > 0) {
    return {
      problem: "refused",
      what: describeTried(tried, () => false),
      fix: "Correct the login in the Secret, its permissions at the registry, or the image.",
    };
  }
  const what = `It is pulled without a login, and the registry refuses that. ${describeTried(tried, () => false)}`;
  return evidence === undefined || evidence.problem === "pullFails"
    ? { problem: "refused", what, fix: "List a pull Secret with a login for it, or correct the image." }
    : { ...evidence, what: `${evidence.what} ${what}`, fix: evidence.fix.replace(fixOf("", image), ".") };
}

function refusedLogin(
  asked: AskedLogin,
  results: PreflightResults,
  logins: readonly AskedLogin[],
  users: ReadonlyMap<string, SecretUsers>,
  more: string,
): Finding[] {
  const failure = results.registries[logins.indexOf(asked)];
  return asked.secrets.map(({ namespace, name }) => {
    const some = users.get(`${namespace}/${name}`);
    return {
      problem: "refusedLogin",
      kind: "Secret",
      namespace,
      name,
      what: `${failure instanceof PreflightError ? failure.message : ""}${some === undefined ? "" : ` Listed by ${namesOf(some)}.`}${more}`,
      fix: "Change the password in the Secret, or take the login out.",
    };
  });
}

function noteOpen(
  open: Map<string, { failure: PreflightError; images: Set<string> }>,
  failure: PreflightError,
  about: string,
): void {
  const found = open.get(failure.message) ?? { failure, images: new Set() };
  found.images.add(about);
  open.set(failure.message, found);
}

function openQuestion({ failure, images }: { failure: PreflightError; images: Set<string> }): Finding {
  return {
    problem: "notVerified",
    kind: "Registry",
    namespace: "",
    name: failure.registry,
    what: `${failure.message} So ${images.size === 1 ? "1 login or image is" : `${images.size} logins and images are`} not verified.`,
    fix:
      failure.reason === PreflightReason.Tls
        ? "Here, name a file with the CA's certificate in the environment variable NODE_EXTRA_CA_CERTS."
        : "Run the audit where the registry can be reached, or leave it out of KUBERNETES_PRIVATE_REGISTRY_ASK.",
  };
}
