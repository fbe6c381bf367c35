import { dockerTokenServers } from "../components/lib/kubelet/dockerConfigJson";
import { quote } from "../components/lib/problems";
import { pullSecretKeys } from "../components/lib/served/pullSecretContent";
import { withoutLogin } from "../components/lib/withoutLogin";
import type { Cluster, ClusterSecret } from "./cluster";
import { type Finding, withRunningPods } from "./findings";
import { namesOf, type SecretUsers } from "./secretUsers";
import { serverKeyProblem } from "./serverKey";

/** What is wrong with Secrets, and what is only worth knowing. */
export interface SecretFindings {
  findings: Finding[];
  notes: Finding[];
}

/** Secrets that are listed and not there, broken, or used by nobody, and logins that differ between namespaces. */
export function secretFindings(
  { secrets, accounts, unread }: Cluster,
  users: ReadonlyMap<string, SecretUsers>,
): SecretFindings {
  if (secrets === undefined) {
    return { findings: [], notes: [] };
  }
  const there = new Set(secrets.map(({ namespace, name }) => `${namespace}/${name}`));
  const missing = [...users].filter(([key]) => !there.has(key)).map(([, some]) => missingSecret(some));
  const broken = secrets.map((secret) => {
    const some = users.get(`${secret.namespace}/${secret.name}`);
    return { isUsed: some !== undefined, found: brokenSecret(secret, some) };
  });
  // Who uses a Secret is only known if everything that may list one is.
  const isAllKnown = accounts !== undefined && unread.length === 0;
  const unused = secrets.filter(
    ({ namespace, name, type }) =>
      isAllKnown && pullSecretKeys.has(type) && !users.has(`${namespace}/${name}`),
  );
  return {
    findings: [...missing, ...broken.filter(({ isUsed }) => isUsed).flatMap(({ found }) => found)],
    notes: [
      ...broken.filter(({ isUsed }) => !isUsed).flatMap(({ found }) => found),
      ...unused.map((secret) =>
        about(secret, {
          problem: "unusedSecret",
          what: "No workload, pod or ServiceAccount lists it.",
          fix: "Delete it, if nothing else reads it: whoever may read Secrets in the namespace has its logins.",
        }),
      ),
      ...differingLogins(secrets),
    ],
  };
}

type Text = Pick<Finding, "problem" | "what" | "fix">;

function about({ namespace, name }: { namespace: string; name: string }, text: Text): Finding {
  return { kind: "Secret", namespace, name, ...text };
}

function missingSecret(users: SecretUsers): Finding {
  return about(users, {
    problem: "missingSecret",
    what: `It does not exist, but ${namesOf(users)} ${users.users.size === 1 ? "lists" : "list"} it. Kubelet warns at each pull (FailedToRetrieveImagePullSecret) and pulls without it.`,
    fix: "Create it in this namespace, or take its name out of imagePullSecrets.",
  });
}

function brokenSecret(secret: ClusterSecret, users: SecretUsers | undefined): Finding[] {
  const usedBy = users === undefined ? "" : ` Listed by ${namesOf(users)}.`;
  const { type, entries = [], poison, unusable } = secret;
  if (!pullSecretKeys.has(type)) {
    return users === undefined
      ? []
      : [
          about(secret, {
            problem: "wrongType",
            what: `Its type is ${quote(type)}, so kubelet skips it.${usedBy}`,
            fix: "A type can't be changed: delete it, and create it as kubernetes.io/dockerconfigjson (`kubectl create secret docker-registry`).",
          }),
        ];
  }
  if (poison !== undefined) {
    const finding = about(secret, {
      problem: "poisonedSecret",
      what: `Kubelet can't read it, and then fails every pull of a pod that lists it, with all its other Secrets: ${poison}${usedBy}`,
      fix: "Correct its content.",
    });
    return [withRunningPods({ ...finding, ...(users && { runningPods: users.runningPods }) })];
  }
  const matchless = entries
    .filter(({ server }) => !dockerTokenServers.includes(server))
    .flatMap(({ server }) => serverKeyProblem(server) ?? []);
  return [
    ...(unusable === undefined
      ? []
      : [
          about(secret, {
            problem: "unusableLogin",
            what: `A login in it can't be used: ${unusable}${usedBy}`,
            fix: "Correct its content.",
          }),
        ]),
    ...matchless.map((problem) =>
      about(secret, {
        problem: "matchesNothing",
        what: `One of its servers matches no image: ${problem}${usedBy}`,
        fix: "Correct the server in its content.",
      }),
    ),
  ];
}

/** Secrets of one name that hold different logins for one server. Says only that they differ. */
function differingLogins(secrets: readonly ClusterSecret[]): Finding[] {
  const namespacesByLogin = new Map<string, Map<string, string[]>>();
  for (const { name, namespace, entries = [] } of secrets) {
    for (const entry of entries) {
      const key = JSON.stringify([name, entry.server]);
      const logins = namespacesByLogin.get(key) ?? new Map<string, string[]>();
      const login = JSON.stringify([entry.username, entry.password]);
      logins.set(login, [...(logins.get(login) ?? []), namespace]);
      namespacesByLogin.set(key, logins);
    }
  }
  return [...namespacesByLogin].flatMap(([key, logins]) => {
    const [name, server] = JSON.parse(key) as [string, string];
    if (logins.size < 2) {
      return [];
    }
    const groups = [...logins.values()].map((namespaces) => shortList(namespaces.toSorted()));
    return [
      {
        problem: "differingLogins",
        kind: "Secret",
        namespace: "",
        name,
        what: `The Secrets of this name have different logins for ${quote(withoutLogin(server))}: one in ${groups.toSorted().join("; another in ")}.`,
        fix: "If they should be the same, one was left out of a rotation: --verify tells which.",
      },
    ];
  });
}

function shortList(names: readonly string[]): string {
  const more = names.length - 5;
  return more > 0 ? `${names.slice(0, 5).join(", ")} and ${more} more` : names.join(", ");
}
