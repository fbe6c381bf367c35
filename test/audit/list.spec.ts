import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { openApi } from "../../audit/api";
import { type Cluster } from "../../audit/cluster";
import { readCluster } from "../../audit/readCluster";
import { type ApiObjects, type Interference, startApiServer } from "../support/cluster/apiServer";
import { account, login, pod, podSpec, pullSecret } from "../support/cluster/objects";

const manyPods = Array.from({ length: 1201 }, (_, index) => pod(`shop/p${index}`, podSpec("nginx:1")));
const objects: ApiObjects = { pods: manyPods, serviceaccounts: [account("shop/default")] };

/** What is read, what was asked, and for how many seconds was waited. */
async function read(
  interfere?: Interference,
  { namespace, longest, given = objects }: { namespace?: string; longest?: number; given?: ApiObjects } = {},
): Promise<{ cluster: Cluster; asked: string[]; pauses: number[] }> {
  const server = await startApiServer(given, interfere);
  const api = openApi(server.socketPath, longest);
  const pauses: number[] = [];
  try {
    const cluster = await readCluster(api.ask, {
      secrets: true,
      pause: async (seconds) => {
        pauses.push(seconds);
        return Promise.resolve();
      },
      ...(namespace !== undefined && { namespace }),
    });
    return { cluster, asked: server.asked, pauses };
  } finally {
    api.close();
    await server.stop();
  }
}

/** Interferes with requests for pods only. */
function withPods(
  answer: (response: ServerResponse, page: string | null, count: number) => boolean,
): Interference {
  let count = 0;
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    return pathname === "/api/v1/pods" && answer(response, searchParams.get("continue"), ++count);
  };
}

function json(response: ServerResponse, status: number, body: unknown, headers = {}): true {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  return true;
}

/** What is said of pods that can't be read, while all else is. */
async function unreadPods(interfere: Interference, longest?: number): Promise<{ what: string; fix: string }> {
  const { cluster } = await read(interfere, longest === undefined ? {} : { longest });
  assert.equal(cluster.accounts?.length, 1);
  assert.equal(cluster.podCount, 0);
  assert.equal(cluster.unread.length, 1);
  const [{ resource, what, fix } = { resource: "", what: "", fix: "" }] = cluster.unread;
  assert.equal(resource, "pods");
  return { what, fix };
}

describe("reading a cluster", () => {
  it("asks for each kind once, in pages of 500, and for operators' kinds only where the cluster has them", async () => {
    const { cluster, asked } = await read();
    assert.equal(cluster.podCount, 1201);
    assert.deepEqual(cluster.unread, []);
    assert.deepEqual(asked.toSorted(), [
      "/api/v1/pods?limit=500",
      "/api/v1/pods?limit=500&continue=1000",
      "/api/v1/pods?limit=500&continue=500",
      "/api/v1/replicationcontrollers?limit=500",
      "/api/v1/secrets?limit=500",
      "/api/v1/serviceaccounts?limit=500",
      "/apis/apps.kruise.io/v1alpha1",
      "/apis/apps/v1/daemonsets?limit=500",
      "/apis/apps/v1/deployments?limit=500",
      "/apis/apps/v1/replicasets?limit=500",
      "/apis/apps/v1/statefulsets?limit=500",
      "/apis/argoproj.io/v1alpha1",
      "/apis/batch/v1/cronjobs?limit=500",
      "/apis/batch/v1/jobs?limit=500",
      "/apis/serving.knative.dev/v1",
    ]);
  });

  it("asks for one namespace, and for the content of pull Secrets alone", async () => {
    const given = {
      secrets: [
        pullSecret("shop/regcred", [login("reg.example.com")]),
        { metadata: { namespace: "shop", name: "database" }, type: "Opaque", data: { password: "YzRuNHJ5" } },
      ],
    };
    const { cluster, asked } = await read(undefined, { namespace: "shop", given });
    assert.deepEqual(
      asked.filter((path) => path.includes("secrets")),
      [
        "/api/v1/namespaces/shop/secrets?limit=500",
        "/api/v1/namespaces/shop/secrets?fieldSelector=type%3Dkubernetes.io%2Fdockerconfigjson&limit=500",
      ],
    );
    assert.deepEqual(cluster.secrets, [
      { kind: "Secret", namespace: "shop", name: "database", type: "Opaque" },
      {
        kind: "Secret",
        namespace: "shop",
        name: "regcred",
        type: "kubernetes.io/dockerconfigjson",
        entries: [
          {
            server: "reg.example.com",
            username: "c4n4ry-user",
            password: "c4n4ry-pass",
            email: "",
            isUtf8: true,
            hasIdentityToken: false,
          },
        ],
      },
    ]);
  });

  it("begins a list again whose continue token has expired, and gives up after three times", async () => {
    const once = await read(
      withPods((response, page, count) => page === "500" && count === 2 && json(response, 410, {})),
    );
    assert.equal(once.cluster.podCount, 1201);
    assert.deepEqual(
      once.asked
        .filter((path) => path.startsWith("/api/v1/pods"))
        .map((path) => path.slice("/api/v1/pods?limit=500".length)),
      ["", "&continue=500", "", "&continue=500", "&continue=1000"],
    );
    const { what } = await unreadPods(withPods((response, page) => page !== null && json(response, 410, {})));
    assert.equal(
      what,
      "its continue token expired (410) at each of 3 attempts: try again when the API server is less busy.",
    );
  });

  it("waits as long as a busy API server asks for, and not for ever", async () => {
    const busy = { "retry-after": "2" };
    const once = await read(withPods((response, _, count) => count < 3 && json(response, 429, {}, busy)));
    assert.equal(once.cluster.podCount, 1201);
    assert.deepEqual(once.pauses, [2, 2]);
    const always = await read(
      withPods((response) => json(response, 429, { message: "slow down" }, { "retry-after": "9999" })),
    );
    assert.deepEqual(always.pauses, [10, 10, 10]);
    assert.equal(
      always.cluster.unread[0]?.what,
      'the API server has too many requests (429): try again later. It says: "slow down".',
    );
  });

  it("says which rule of a Role is missing, and reads the rest", async () => {
    const message = 'pods is forbidden: User "x" cannot list resource "pods"\u001b[31m';
    assert.deepEqual(await unreadPods(withPods((response) => json(response, 403, { message }))), {
      what: 'you may not list it (403). It says: "pods is forbidden: User \\"x\\" cannot list resource \\"pods\\"\\u001b[31m".',
      fix: 'Give your Role the rule { apiGroups: [""], resources: ["pods"], verbs: ["list"] }.',
    });
  });

  const hostile: [string, Interference, RegExp, number?][] = [
    [
      "pages that repeat a token",
      withPods((response) => json(response, 200, { items: [], metadata: { continue: "again" } })),
      /^the API server repeats a continue token, so its list never ends\.$/,
    ],
    [
      "pages without end",
      withPods((response, _, count) =>
        json(response, 200, { items: [], metadata: { continue: String(count) } }),
      ),
      /^its list has more than 10000 pages\.$/,
    ],
    [
      "a huge answer",
      withPods((response) => json(response, 200, { items: ["x".repeat(2_000_000)] })),
      /^the API server's answer is longer than 1000000 bytes, so it was not read\.$/,
      1_000_000,
    ],
    [
      "invalid JSON",
      withPods((response) => (response.end('{"items": c4n4ry'), true)),
      /^the API server's answer is not JSON \(SyntaxError\)\.$/,
    ],
    [
      "JSON that is no list",
      withPods((response) => json(response, 200, { items: {} })),
      /^the API server answered with something that is not a list\.$/,
    ],
    [
      "401",
      withPods((response) => json(response, 401, { message: "Unauthorized" })),
      /^the API server does not accept your credentials \(401\): they may have expired\. Log in to the cluster again; `kubectl get pods` must work\. It says: "Unauthorized"\.$/,
    ],
    ["404", withPods((response) => json(response, 404, {})), /^the API server doesn't have it \(404\)\.$/],
    [
      "500",
      withPods((response) => json(response, 500, { message: "etcd" })),
      /^the API server answers 500: try again, or ask those who run it\. It says: "etcd"\.$/,
    ],
    [
      "a redirect",
      withPods((response) => (response.writeHead(302, { location: "http://evil.example.com/" }).end(), true)),
      /^the API server redirects elsewhere \(302\), which is not followed/,
    ],
    [
      "a broken connection",
      withPods((response) => (response.destroy(), true)),
      /^the connection to the API server broke off \(ECONNRESET\): try again\.$/,
    ],
    [
      "kubectl without a network",
      withPods(
        (response) => (
          response.writeHead(500).end("dial tcp 127.0.0.1:1: connect: connection refused\n"),
          true
        ),
      ),
      /^kubectl can't reach the API server: check its address in the kubeconfig, your network and VPN\. It says: "dial tcp 127\.0\.0\.1:1: connect: connection refused"\.$/,
    ],
    [
      "a certificate that is not trusted",
      withPods(
        (response) => (
          response
            .writeHead(500)
            .end("tls: failed to verify certificate: x509: certificate signed by unknown authority"),
          true
        ),
      ),
      /^kubectl does not trust the API server's certificate/,
    ],
    [
      "an expired login",
      withPods(
        (response) => (
          response.writeHead(500).end("getting credentials: exec: executable aws failed with exit code 255"),
          true
        ),
      ),
      /^kubectl can't get credentials: log in to the cluster again\./,
    ],
  ];
  for (const [name, interfere, what, longest] of hostile) {
    it(`goes on after ${name}`, async () => {
      assert.match((await unreadPods(interfere, longest)).what, what);
    });
  }

  it("takes objects of any shape", async () => {
    const odd = [
      null,
      1,
      "x",
      [],
      {},
      { metadata: null, spec: { containers: [null, { image: 1 }], imagePullSecrets: [null, {}] } },
    ];
    const { cluster } = await read((request, response) => {
      if (request.url?.startsWith("/version") === true) {
        return false;
      }
      return json(response, 200, { items: odd, rows: odd, columnDefinitions: odd });
    });
    assert.deepEqual(cluster.unread, []);
    assert.equal(cluster.podCount, odd.length);
    assert.deepEqual(cluster.secrets, []);
  });
});
