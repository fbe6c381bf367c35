import { canonicalServer } from "./kubelet/server";
import { parseRegistryKey } from "./kubelet/serverMatching";
import { controlProblem, memberProblem } from "./logins/credentialMembers";
import type { Problem } from "./problems";
import { definedMembers } from "./records";

/** Where the operator finds a value in the secret store. */
export interface RemoteRef {
  key: string;
  property?: string;
  version?: string;
}

/** A login of which the program knows the server, and at most the username. */
export interface ExternalLogin {
  server: string;
  username?: string;
  usernameFrom?: RemoteRef;
  passwordFrom: RemoteRef;
}

/** What the operator makes a pull Secret from: logins, a whole config.json, or a generator's token. */
export interface ExternalSource {
  secretStoreRef?: { name: string; kind?: string };
  logins?: ExternalLogin[];
  dockerConfigJsonFrom?: RemoteRef;
  generator?: { kind: string; name: string };
  servers?: string[];
  refreshInterval?: string;
}

const sources = ["logins", "dockerConfigJsonFrom", "generator"] as const;

/** All problems between the members of a source. Each member's own shape has been checked before. */
export function externalSourceProblems(source: ExternalSource): Problem[] {
  const { logins, generator, servers, secretStoreRef } = source;
  const given = sources.filter((member) => source[member] !== undefined);
  const problems: Problem[] = [];
  if (given.length !== 1) {
    const reason = `has ${given.length} of ${sources.join(", ")}: give one of them.`;
    problems.push({ path: "arguments", reason });
  }
  if (generator === undefined && secretStoreRef === undefined) {
    const reason = "is missing: name the SecretStore or ClusterSecretStore that holds the login.";
    problems.push({ path: "secretStoreRef", reason });
  }
  if (generator !== undefined && secretStoreRef !== undefined) {
    const reason = "is given along with `generator`, which needs no store: leave it out.";
    problems.push({ path: "secretStoreRef", reason });
  }
  if (logins === undefined && servers === undefined && given.length > 0) {
    const reason = `is missing: name the servers that the login of \`${given[0] ?? ""}\` is for.`;
    problems.push({ path: "servers", reason });
  }
  if (logins !== undefined && servers !== undefined) {
    const reason = "is given along with `logins`, which name their servers: leave it out.";
    problems.push({ path: "servers", reason });
  }
  return [...problems, ...(logins ?? []).flatMap(usernameProblems), ...sameServerProblems(source)];
}

function usernameProblems({ username }: ExternalLogin, index: number): Problem[] {
  if (username === undefined) {
    return [];
  }
  const reason =
    memberProblem(username) ??
    controlProblem(username) ??
    (username.includes(":")
      ? 'contains ":", where kubelet splits username from password: a username can\'t have one.'
      : undefined);
  return reason === undefined ? [] : [{ path: `logins[${index}].username`, reason }];
}

/** Kubelet would try two logins with the same key in random order. */
function sameServerProblems({ logins = [], servers = [] }: ExternalSource): Problem[] {
  const seen = new Map<string | undefined, string>();
  return [
    ...logins.map(({ server }, index) => ({ server, path: `logins[${index}].server` })),
    ...servers.map((server, index) => ({ server, path: `servers[${index}]` })),
  ].flatMap(({ server, path }) => {
    const key = parseRegistryKey(canonicalServer(server))?.indexKey;
    const first = seen.get(key);
    seen.set(key, first ?? path);
    return first === undefined
      ? []
      : [{ path, reason: `is the same key to kubelet as ${first}: keep one of them.` }];
  });
}

/** The servers that the Secret will have a login for, as kubelet needs them. */
export function externalServers({ logins, servers = [] }: ExternalSource): string[] {
  return (logins?.map(({ server }) => server) ?? servers).map(canonicalServer);
}

/**
 * The spec of an ExternalSecret that makes a pull Secret, of which no value passes through Pulumi.
 *
 * @see github.com/external-secrets/external-secrets apis/externalsecrets/v1/externalsecret_types.go
 */
export function externalSecretSpec(source: ExternalSource): Record<string, unknown> {
  const { generator, secretStoreRef, refreshInterval } = source;
  return {
    refreshInterval: refreshInterval ?? defaultRefreshInterval(source),
    ...(secretStoreRef && { secretStoreRef: { kind: "SecretStore", ...definedMembers(secretStoreRef) } }),
    target: {
      template: {
        engineVersion: "v2",
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": dockerConfigTemplate(source) },
      },
    },
    ...(generator === undefined
      ? { data: remoteData(source) }
      : { dataFrom: [{ sourceRef: { generatorRef: { apiVersion: generatorVersion, ...generator } } }] }),
  };
}

const generatorVersion = "generators.external-secrets.io/v1alpha1";

/** Generated tokens are refreshed twice as often: Google's last an hour. */
function defaultRefreshInterval({ generator }: ExternalSource): string {
  return generator === undefined ? "1h" : "30m";
}

function remoteData({ logins = [], dockerConfigJsonFrom }: ExternalSource): object[] {
  const data = (secretKey: string, remoteRef: RemoteRef | undefined) =>
    remoteRef === undefined ? [] : [{ secretKey, remoteRef: definedMembers(remoteRef) }];
  return [
    ...data("dockerConfigJson", dockerConfigJsonFrom),
    ...logins.flatMap(({ usernameFrom, passwordFrom }, index) => [
      ...data(`username${index}`, usernameFrom),
      ...data(`password${index}`, passwordFrom),
    ]),
  ];
}

/**
 * The operator's template of a docker config, which comes out as `kubectl create secret docker-registry` writes it. Texts of
 * the program are string literals of Go or JSON; values of the store are only ever arguments of `toJson` and `printf`.
 */
export function dockerConfigTemplate({ logins, dockerConfigJsonFrom, servers = [] }: ExternalSource): string {
  if (dockerConfigJsonFrom !== undefined) {
    return "{{ .dockerConfigJson }}";
  }
  const entries =
    logins?.map(({ server, username }, index) => ({
      server,
      username: username === undefined ? `.username${index}` : JSON.stringify(username),
      password: `.password${index}`,
    })) ?? servers.map((server) => ({ server, username: ".username", password: ".password" }));
  const auths = entries.map(({ server, username, password }) => {
    const members = [
      `"username":{{ ${username} | toJson }}`,
      `"password":{{ ${password} | toJson }}`,
      `"auth":"{{ printf "%s:%s" ${username} ${password} | b64enc }}"`,
    ];
    return [canonicalServer(server), `{${members.join(",")}}`] as const;
  });
  // A server that kubelet can match has neither quotes nor braces.
  const members = auths
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([server, entry]) => `${JSON.stringify(server)}:${entry}`);
  return `{"auths":{${members.join(",")}}}`;
}

/** Why `text` is not a refresh interval, or undefined. */
export function refreshIntervalProblem(text: string): string | undefined {
  return /^(\d{1,6}[hms])+$/.test(text) && /[1-9]/.test(text)
    ? undefined
    : 'is not a time of at least a second: write it in hours, minutes and seconds, such as "30m" or "1h30m".';
}
