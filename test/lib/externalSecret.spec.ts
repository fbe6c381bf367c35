import assert from "node:assert/strict";
import fc from "fast-check";
import {
  dockerConfigTemplate,
  externalSecretSpec,
  externalServers,
  type ExternalSource,
  externalSourceProblems,
  refreshIntervalProblem,
} from "../../components/lib/externalSecret";
import { heldSyncFailure, syncTimeout } from "../../components/lib/externalSecretFailure";
import { serverProblem } from "../../components/lib/kubelet/server";
import { anyText, textOf } from "../support/data/arbitraries";

const store = { secretStoreRef: { name: "vault" } };
const passwordFrom = { key: "password" };

function problemsOf(source: ExternalSource): string[] {
  return externalSourceProblems(source).map(({ path, reason }) => `${path}: ${reason}`);
}

describe("the template of an external pull Secret", () => {
  it("has each text of the program as a literal, and the servers in order", () => {
    const username = 'jane"\\{{ .password0 }}}}%s';
    assert.equal(
      dockerConfigTemplate({
        logins: [
          { server: "www.3rdregistry.com", usernameFrom: { key: "user" }, passwordFrom },
          { server: "docker.io", username, passwordFrom },
        ],
      }),
      '{"auths":{"https://index.docker.io/v1/":{"username":{{ "jane\\"\\\\{{ .password0 }}}}%s" | toJson }},"password":{{ .password1 | toJson }},"auth":"{{ printf "%s:%s" "jane\\"\\\\{{ .password0 }}}}%s" .password1 | b64enc }}"},' +
        '"www.3rdregistry.com":{"username":{{ .username0 | toJson }},"password":{{ .password0 | toJson }},"auth":"{{ printf "%s:%s" .username0 .password0 | b64enc }}"}}}',
    );
  });

  it("can't get an action or a quote from a server: none that kubelet could match has one", () => {
    const text = fc.oneof(
      anyText,
      textOf("{}\"'\\`a.b/:-*[]0"),
      fc
        .tuple(fc.constantFrom("a.example/", "https://a.example:1/", "["), fc.string())
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (server) => {
        if (serverProblem(server) === undefined) {
          assert.doesNotMatch(externalServers({ servers: [server] }).join(""), /[{}"'\\`\s]/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("externalSecretSpec", () => {
  const entry = (server: string, username: string, password: string) =>
    `"${server}":{"username":{{ ${username} | toJson }},"password":{{ ${password} | toJson }},"auth":"{{ printf "%s:%s" ${username} ${password} | b64enc }}"}`;
  const target = (template: string) => ({
    template: {
      engineVersion: "v2",
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": template },
    },
  });

  it("fetches the values of each login under names of its own, from a store of the namespace every hour", () => {
    assert.deepEqual(
      externalSecretSpec({
        ...store,
        logins: [
          { server: "quay.io", username: "janedoe", passwordFrom: { key: "quay", property: undefined } },
          { server: "ghcr.io", usernameFrom: { key: "ghcr", property: "user" }, passwordFrom },
        ],
      }),
      {
        refreshInterval: "1h",
        secretStoreRef: { kind: "SecretStore", name: "vault" },
        target: target(
          `{"auths":{${entry("ghcr.io", ".username1", ".password1")},${entry("quay.io", '"janedoe"', ".password0")}}}`,
        ),
        data: [
          { secretKey: "password0", remoteRef: { key: "quay" } },
          { secretKey: "username1", remoteRef: { key: "ghcr", property: "user" } },
          { secretKey: "password1", remoteRef: { key: "password" } },
        ],
      },
    );
  });

  it("takes a whole config.json as it is, from the given kind of store and as often as given", () => {
    assert.deepEqual(
      externalSecretSpec({
        secretStoreRef: { name: "vault", kind: "ClusterSecretStore" },
        dockerConfigJsonFrom: { key: "config", version: "2" },
        servers: ["quay.io"],
        refreshInterval: "5m",
      }),
      {
        refreshInterval: "5m",
        secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
        target: target("{{ .dockerConfigJson }}"),
        data: [{ secretKey: "dockerConfigJson", remoteRef: { key: "config", version: "2" } }],
      },
    );
  });

  it("gives a generator's token to each server, twice an hour and without a store", () => {
    assert.deepEqual(
      externalSecretSpec({
        generator: { kind: "ECRAuthorizationToken", name: "ecr" },
        servers: ["docker.io", "quay.io"],
      }),
      {
        refreshInterval: "30m",
        target: target(
          `{"auths":{${entry("https://index.docker.io/v1/", ".username", ".password")},${entry("quay.io", ".username", ".password")}}}`,
        ),
        dataFrom: [
          {
            sourceRef: {
              generatorRef: {
                apiVersion: "generators.external-secrets.io/v1alpha1",
                kind: "ECRAuthorizationToken",
                name: "ecr",
              },
            },
          },
        ],
      },
    );
  });
});

describe("externalServers", () => {
  it("are those of the logins or those given, as kubelet needs them", () => {
    const expected = ["https://index.docker.io/v1/", "quay.io"];
    const servers = ["docker.io", "quay.io"];
    const logins = servers.map((server) => ({ server, passwordFrom }));
    assert.deepEqual(externalServers({ logins }), expected);
    assert.deepEqual(externalServers({ servers }), expected);
    assert.deepEqual(externalServers({}), []);
  });
});

describe("the sources of an external pull Secret", () => {
  it("are one of three, with a store or a generator, and with servers unless the logins name them", () => {
    const generator = { kind: "ECRAuthorizationToken", name: "ecr" };
    const one = "arguments: has 0 of logins, dockerConfigJsonFrom, generator: give one of them.";
    const noStore =
      "secretStoreRef: is missing: name the SecretStore or ClusterSecretStore that holds the login.";
    assert.deepEqual(problemsOf({}), [one, noStore]);
    assert.deepEqual(problemsOf({ ...store, servers: ["docker.io"] }), [one]);
    assert.deepEqual(problemsOf({ ...store, dockerConfigJsonFrom: passwordFrom }), [
      "servers: is missing: name the servers that the login of `dockerConfigJsonFrom` is for.",
    ]);
    assert.deepEqual(problemsOf({ ...store, generator, servers: ["docker.io"] }), [
      "secretStoreRef: is given along with `generator`, which needs no store: leave it out.",
    ]);
    assert.deepEqual(problemsOf({ generator }), [
      "servers: is missing: name the servers that the login of `generator` is for.",
    ]);
    assert.deepEqual(
      problemsOf({ ...store, logins: [{ server: "docker.io", passwordFrom }], servers: ["quay.io"] }),
      ["servers: is given along with `logins`, which name their servers: leave it out."],
    );
    assert.deepEqual(problemsOf({ ...store, dockerConfigJsonFrom: passwordFrom, servers: ["quay.io"] }), []);
  });

  it("have usernames that kubelet can read, or none that the program knows", () => {
    const usernames = [undefined, "janedoe", " ", "jane\tdoe", "jane:doe"];
    const logins = usernames.map((username, index) => ({
      server: `r${index}.example.com`,
      username,
      passwordFrom,
    }));
    assert.deepEqual(problemsOf({ ...store, logins }), [
      "logins[2].username: begins or ends with white space: remove it.",
      "logins[3].username: contains a control character, such as a tab or what a key of the terminal sends: remove it.",
      'logins[4].username: contains ":", where kubelet splits username from password: a username can\'t have one.',
    ]);
  });

  it("have each server once, as kubelet tells servers apart", () => {
    const same = ["quay.io", "https://quay.io/v2/", "ghcr.io", "quay.io"];
    const logins = same.map((server) => ({ server, passwordFrom }));
    assert.deepEqual(problemsOf({ ...store, logins }), [
      "logins[1].server: is the same key to kubelet as logins[0].server: keep one of them.",
      "logins[3].server: is the same key to kubelet as logins[0].server: keep one of them.",
    ]);
    assert.deepEqual(problemsOf({ ...store, dockerConfigJsonFrom: passwordFrom, servers: same }), [
      "servers[1]: is the same key to kubelet as servers[0]: keep one of them.",
      "servers[3]: is the same key to kubelet as servers[0]: keep one of them.",
    ]);
  });

  it("have a refresh interval in hours, minutes and seconds, above zero", () => {
    const refused =
      'is not a time of at least a second: write it in hours, minutes and seconds, such as "30m" or "1h30m".';
    const sound = ["1s", "90m", "1h30m", "0h1s", "999999h"];
    assert.deepEqual(sound.map(refreshIntervalProblem), Array(sound.length).fill(undefined));
    const wrong = ["", "0s", "0h0m", "1d", "1.5h", "-1h", "1h ", "100ms", "60", "1h\n"];
    assert.deepEqual(wrong.map(refreshIntervalProblem), Array(wrong.length).fill(refused));
  });
});

describe("a failure of the operator", () => {
  const inputs = { kind: "ExternalSecret", metadata: { name: "login", namespace: "shop" } };
  const explained = (command: string) =>
    `External Secrets Operator has not created the Secret in time. ${command} shows why, in the events at its end; the next preview has the reason in short. If there are no events, no operator handles the store: check that one runs, and the \`controller\` of the store.`;

  it("is explained where the wait timed out, with the command that shows the reason", () => {
    const error = "... failed to fully initialize or become live: timed out waiting for the condition";
    assert.equal(
      syncTimeout(error, inputs),
      explained("kubectl describe externalsecret/login --namespace shop"),
    );
    assert.equal(
      syncTimeout(error, { kind: "ClusterExternalSecret", metadata: { name: "login" } }),
      explained("kubectl describe clusterexternalsecret/login"),
    );
    assert.equal(syncTimeout("no matches for kind", inputs), undefined);
  });

  it("is told from the state, in the operator's words", () => {
    const held = (status: unknown) => heldSyncFailure({ status });
    const ready = { type: "Ready", status: "False", message: "could not get secret data from provider" };
    assert.equal(
      held({ conditions: [{ type: "Deleted", status: "False" }, ready] }),
      "External Secrets Operator could not sync the Secret when Pulumi last looked: could not get secret data from provider. Unless that has been corrected since, this `up` times out too.",
    );
    assert.equal(
      held({
        conditions: [{ ...ready, message: "one or more namespaces failed" }],
        failedNamespaces: [{ namespace: "a", reason: "external secret already exists in namespace" }, null],
      }),
      "External Secrets Operator could not sync the Secret when Pulumi last looked: one or more namespaces failed; a: external secret already exists in namespace. Unless that has been corrected since, this `up` times out too.",
    );
    for (const sound of [
      undefined,
      "x",
      {},
      { conditions: {} },
      { conditions: [{ ...ready, status: "True" }] },
    ]) {
      assert.equal(held(sound), undefined);
    }
  });
});
