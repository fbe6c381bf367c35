import assert from "node:assert/strict";
import fc from "fast-check";
import {
  dockerConfigTemplate,
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
      problemsOf({ ...store, logins: [{ server: "docker.io", username: " ", passwordFrom }] }),
      ["logins[0].username: begins or ends with white space: remove it."],
    );
    assert.deepEqual(problemsOf({ ...store, dockerConfigJsonFrom: passwordFrom, servers: ["quay.io"] }), []);
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
