import assert from "node:assert/strict";
import { type AuditOptions, auditCluster, type AuditReport } from "../../audit/auditCluster";
import { openApi } from "../../audit/api";
import { jsonReport, tableReport } from "../../audit/report";
import { type ApiObjects, startApiServer } from "../support/cluster/apiServer";
import { account, login, pod, podSpec, pullSecret, workload } from "../support/cluster/objects";

const shop = "registry.example.com";
const web = `${shop}/shop/web:1`;

/** What is found in a cluster, whose namespaces each have a ServiceAccount. */
async function audit(objects: ApiObjects, options: Partial<AuditOptions> = {}): Promise<AuditReport> {
  const all = Object.values(objects).flat();
  const namespaces = [...new Set(all.map(({ metadata }) => metadata.namespace))];
  const given = objects["serviceaccounts"] ?? [];
  const defaults = namespaces
    .filter(
      (name) => !given.some(({ metadata }) => metadata.namespace === name && metadata.name === "default"),
    )
    .map((name) => account(`${name}/default`));
  const server = await startApiServer({ ...objects, serviceaccounts: [...given, ...defaults] });
  const api = openApi(server.socketPath);
  try {
    return await auditCluster(api.ask, {
      secrets: true,
      verify: false,
      providers: [],
      serversWithoutSecret: [],
      ...options,
    });
  } finally {
    api.close();
    await server.stop();
  }
}

/** Findings as `problem Kind/name image`, and what and fix of the first. */
function shortly({ findings, notes }: AuditReport): { findings: string[]; notes: string[] } {
  const short = (list: AuditReport["findings"]): string[] =>
    list.map(({ problem, namespace, kind, name, image }) =>
      [problem, `${namespace}/${kind}/${name}`, image].filter((part) => part !== undefined).join(" "),
    );
  return { findings: short(findings), notes: short(notes) };
}

function textOf({ findings: [finding] }: AuditReport): string {
  return `${finding?.what ?? ""}\n${finding?.fix ?? ""}`;
}

const regcred = pullSecret("shop/regcred", [login(shop)]);

describe("audit", () => {
  it("finds nothing where each pod lists a Secret with a login, or its ServiceAccount does", async () => {
    const report = await audit({
      deployments: [workload("shop/web", podSpec(web, ["regcred"])), workload("shop/api", podSpec(web))],
      statefulsets: [workload("shop/db", podSpec("postgres:17"))],
      pods: [
        pod("shop/web-1", podSpec(web, ["regcred"]), {
          kind: "Deployment",
          name: "web",
          uid: "uid-shop/web",
        }),
      ],
      secrets: [regcred],
      serviceaccounts: [account("shop/default", ["regcred"])],
    });
    assert.deepEqual(report.findings, []);
    assert.deepEqual(report.notes, []);
    assert.deepEqual(report.counts, {
      workloads: 3,
      pods: 1,
      pullSecrets: 1,
      images: { served: 1, byNode: 0, anonymous: 1, broken: 0, unknown: 0 },
      anonymous: { "docker.io": 1 },
    });
  });

  it("counts images that are pulled without a login, with no sign that they need one", async () => {
    const report = await audit({
      deployments: [workload("shop/web", podSpec(["nginx:1", "quay.io/a/b:1", "quay.io/a/c:1"]))],
      secrets: [pullSecret("other/hub", [login("https://index.docker.io/v1/")])],
      serviceaccounts: [account("other/default", ["hub"])],
    });
    assert.deepEqual(shortly(report), { findings: [], notes: [] });
    assert.deepEqual(report.counts.anonymous, { "docker.io": 1, "quay.io": 2 });
  });

  it("names the Secret of the namespace that a pod does not list", async () => {
    const report = await audit({
      deployments: [workload("shop/web", podSpec(web)), workload("shop/api", podSpec(web, ["regcred"]))],
      secrets: [regcred],
    });
    assert.deepEqual(shortly(report).findings, [`noLogin shop/Deployment/web ${web}`]);
    assert.equal(
      textOf(report),
      'It lists no pull Secret, so it is pulled without a login. The Secret "regcred" of its namespace has one.\n' +
        `Add "regcred" to its imagePullSecrets, or if "${web}" is public, name its server with --servers-without-secret.`,
    );
  });

  it("takes a server of --servers-without-secret for one that needs none", async () => {
    const report = await audit(
      {
        deployments: [workload("shop/web", podSpec(web))],
        secrets: [regcred],
        serviceaccounts: [account("shop/x", ["regcred"])],
      },
      { serversWithoutSecret: [shop] },
    );
    assert.deepEqual(shortly(report), { findings: [], notes: [] });
    assert.equal(report.counts.images.byNode, 1);
  });

  it("names the namespace whose Secret has a login, as Secrets serve only their own", async () => {
    const report = await audit({
      cronjobs: [
        {
          metadata: { namespace: "jobs", name: "nightly" },
          spec: { jobTemplate: { spec: { template: { spec: podSpec(web) } } } },
        },
      ],
      deployments: [workload("shop/web", podSpec(web, ["regcred"]))],
      secrets: [regcred],
    });
    assert.deepEqual(shortly(report).findings, [`noLogin jobs/CronJob/nightly ${web}`]);
    assert.match(
      textOf(report),
      /The Secret "regcred" of the namespace "shop" has a login for it, but a Secret serves only pods of its own namespace\.\nCreate such a Secret in "jobs"/,
    );
  });

  it("knows that a list of the pod's own keeps the ServiceAccount's away", async () => {
    const report = await audit({
      deployments: [workload("shop/web", podSpec(web, ["other"]))],
      secrets: [regcred, pullSecret("shop/other", [login("quay.io")])],
      serviceaccounts: [account("shop/default", ["regcred"])],
    });
    assert.deepEqual(shortly(report).findings, [`noLogin shop/Deployment/web ${web}`]);
    assert.match(
      textOf(report),
      /^Of the Secrets that it lists \("other"\), none has a login for it\. Its ServiceAccount "default" lists "regcred", which has one, but Kubernetes gives the account's list only to pods that list none\./,
    );
  });

  it("says why the nearest login of a listed Secret does not match", async () => {
    const report = await audit({
      daemonsets: [workload("shop/web", podSpec("registry.example.com:5000/web:1", ["regcred"]))],
      secrets: [regcred],
    });
    assert.deepEqual(shortly(report).findings, [
      "noLogin shop/DaemonSet/web registry.example.com:5000/web:1",
    ]);
    assert.match(
      textOf(report),
      /The nearest, "registry\.example\.com" in "regcred", does not: its port is not given and the image's 5000/,
    );
  });

  it("says of pods that run that their next pull would fail", async () => {
    const owner = { kind: "ReplicaSet", name: "web-5d", uid: "uid-shop/web-5d" };
    const report = await audit({
      deployments: [workload("shop/web", podSpec(web, ["regcred"]))],
      replicasets: [
        workload("shop/web-5d", podSpec(web, ["regcred"]), {
          ownerReferences: [{ controller: true, kind: "Deployment", name: "web", uid: "uid-shop/web" }],
        }),
      ],
      pods: [
        pod("shop/web-1", podSpec(web, ["regcred-old"]), owner),
        pod("shop/web-2", podSpec(web, ["regcred-old"]), owner),
      ],
      secrets: [regcred],
    });
    assert.deepEqual(shortly(report).findings, [
      `noLogin shop/Deployment/web ${web}`,
      "missingSecret shop/Secret/regcred-old",
    ]);
    assert.equal(report.findings[0]?.runningPods, 2);
    assert.match(
      textOf(report),
      /2 pods run now, with the image that is on the node, and would fail at the next pull\.\nWhat its new pods list is right: recreate the pods/,
    );
  });

  it("tells pods that were made before the ServiceAccount had its list", async () => {
    const report = await audit({
      pods: [pod("shop/bare", podSpec(web))],
      secrets: [regcred],
      serviceaccounts: [account("shop/default", ["regcred"])],
    });
    assert.deepEqual(shortly(report).findings, [`noLogin shop/Pod/bare ${web}`]);
    assert.match(
      textOf(report),
      /lists "regcred" now, which has one, but a pod keeps the list that the account had when the pod was made\. 1 pod runs now/,
    );
  });

  it("tells what kubelet says of a pull that fails", async () => {
    const status = {
      phase: "Pending",
      containerStatuses: [
        {
          name: "c0",
          imageID: "",
          state: {
            waiting: {
              reason: "ImagePullBackOff",
              message: 'Back-off pulling image "quay.io/a/b:1": 401 Unauthorized',
            },
          },
        },
      ],
    };
    const report = await audit({ pods: [pod("shop/bare", podSpec("quay.io/a/b:1"), undefined, status)] });
    assert.deepEqual(shortly(report).findings, ["pullFails shop/Pod/bare quay.io/a/b:1"]);
    assert.match(
      textOf(report),
      /^Kubelet can't pull it now\. The registry did not accept a login for "quay\.io\/a\/b:1" \(401\)\.\n/,
    );
  });

  it("leaves out what is over, what is owned, and images that are never pulled", async () => {
    const neverPulled = { containers: [{ name: "c", image: web, imagePullPolicy: "Never" }] };
    const report = await audit({
      jobs: [
        {
          ...workload("shop/done", podSpec(web)),
          status: { conditions: [{ type: "Complete", status: "True" }] },
        },
        workload("shop/nightly-1", podSpec(web), {
          ownerReferences: [{ controller: true, kind: "CronJob", name: "nightly", uid: "uid-shop/nightly" }],
        }),
      ],
      cronjobs: [
        {
          metadata: { namespace: "shop", name: "nightly", uid: "uid-shop/nightly" },
          spec: { jobTemplate: { spec: { template: { spec: podSpec("nginx") } } } },
        },
      ],
      pods: [
        pod("shop/over", podSpec(web), undefined, { phase: "Succeeded" }),
        pod("shop/never", neverPulled),
      ],
      secrets: [regcred],
      serviceaccounts: [account("shop/x", ["regcred"])],
    });
    assert.deepEqual(shortly(report), { findings: [], notes: [] });
    assert.equal(report.counts.pods, 1);
    assert.equal(report.counts.workloads, 1);
  });

  it("finds Secrets that are missing, of the wrong type, poisoned, of no use, or that match nothing", async () => {
    const users = ["missing", "wrong", "poison", "helper", "matchless", "old"];
    const report = await audit({
      deployments: users.map((name) => workload(`shop/${name}`, podSpec("nginx", [name]))),
      pods: [
        pod("shop/poison-1", podSpec("nginx", ["poison"]), {
          kind: "Deployment",
          name: "poison",
          uid: "uid-shop/poison",
        }),
      ],
      secrets: [
        { metadata: { namespace: "shop", name: "wrong" }, type: "Opaque", data: {} },
        pullSecret("shop/poison", '{"auths":{"reg.example.com":{"auth":"YzRuNHJ5LXBhc3M="}}}'),
        pullSecret("shop/helper", '{"auths":{"reg.example.com":{}},"credsStore":"desktop"}'),
        pullSecret("shop/matchless", [login("https://index.docker.io/v1")]),
        pullSecret("shop/old", '{"reg.example.com":{"auth":"dTpw"}}', "kubernetes.io/dockercfg"),
      ],
    });
    assert.deepEqual(
      report.findings.map(({ problem, name, what }) => `${problem} ${name}: ${what}`),
      [
        "unusableLogin helper: A login in it can't be used: auths[\"reg.example.com\"] keeps its logins in a credential helper (credsStore, credHelpers), which kubelet can't ask: give username and password, as `docker-credential-<helper> get` prints them. Listed by Deployment/helper.",
        'matchesNothing matchless: One of its servers matches no image: "https://index.docker.io/v1" is not a key by which kubelet finds Docker Hub\'s login: write "https://index.docker.io/v1/". Listed by Deployment/matchless.',
        "missingSecret missing: It does not exist, but Deployment/missing lists it. Kubelet warns at each pull (FailedToRetrieveImagePullSecret) and pulls without it.",
        'poisonedSecret poison: Kubelet can\'t read it, and then fails every pull of a pod that lists it, with all its other Secrets: auths["reg.example.com"].auth has no colon when decoded: give the base64 of username:password. Listed by Deployment/poison. 1 pod runs now, with the image that is on the node, and would fail at the next pull.',
        'wrongType wrong: Its type is "Opaque", so kubelet skips it. Listed by Deployment/wrong.',
      ],
    );
    assert.equal(report.counts.images.broken, 1);
  });

  it("notes Secrets that nobody lists, and logins that differ between namespaces, as no findings", async () => {
    const report = await audit({
      deployments: ["a", "b", "c"].map((namespace) =>
        workload(`${namespace}/web`, podSpec(web, ["regcred"])),
      ),
      secrets: [
        pullSecret("a/regcred", [login(shop)]),
        pullSecret("b/regcred", [login(shop, "c4n4ry-other")]),
        pullSecret("c/regcred", [login(shop)]),
        pullSecret("c/unused", [login("quay.io")]),
        { metadata: { namespace: "c", name: "tls" }, type: "kubernetes.io/tls" },
      ],
    });
    assert.deepEqual(shortly(report), {
      findings: [],
      notes: ["differingLogins /Secret/regcred", "unusedSecret c/Secret/unused"],
    });
    assert.equal(
      report.notes[0]?.what,
      `The Secrets of this name have different logins for "${shop}": one in a, c; another in b.`,
    );
  });

  it("takes a login for a part of Docker Hub in another namespace as evidence, one for all of it not", async () => {
    const report = await audit({
      deployments: [
        workload("shop/private", podSpec("janedoe/app:1")),
        workload("shop/public", podSpec("grafana/grafana:1")),
        ...["hub", "team", "odd"].map((name) => workload(`other/${name}`, podSpec("nginx", [name]))),
      ],
      secrets: [
        pullSecret("other/hub", [login("https://index.docker.io/v1/")]),
        pullSecret("other/team", [login("docker.io/janedoe/")]),
        pullSecret("other/odd", [login("registry.example.com:0443")]),
      ],
    });
    assert.deepEqual(shortly(report).findings, ["noLogin shop/Deployment/private janedoe/app:1"]);
  });

  it("knows an empty Secret, a .dockercfg that is not JSON, and a static pod, which has no ServiceAccount", async () => {
    const providers = [
      { name: "p", matchImages: ["*.example.com"], tokenAttributes: { requireServiceAccount: false } },
    ];
    const report = await audit(
      {
        pods: [pod("shop/static", podSpec(web, [], { serviceAccountName: "" }))],
        deployments: ["empty", "broken"].map((name) => workload(`shop/${name}`, podSpec("nginx", [name]))),
        secrets: [
          pullSecret("shop/empty", ""),
          pullSecret("shop/broken", '{}},"auths":{', "kubernetes.io/dockercfg"),
        ],
      },
      { providers },
    );
    assert.deepEqual(shortly(report).findings, [
      "poisonedSecret shop/Secret/broken",
      "unusableLogin shop/Secret/empty",
    ]);
    assert.equal(report.counts.images.byNode, 1);
  });

  it("finds workloads whose ServiceAccount is not there, and invalid images", async () => {
    const report = await audit({
      deployments: [workload("shop/web", podSpec("Nginx:1", [], { serviceAccountName: "none" }))],
    });
    assert.deepEqual(shortly(report).findings, [
      "missingServiceAccount shop/Deployment/web",
      "invalidImage shop/Deployment/web Nginx:1",
    ]);
  });

  it("without Secrets, says what names and kubelet tell", async () => {
    const report = await audit(
      {
        deployments: [workload("shop/web", podSpec(web, ["missing"])), workload("shop/api", podSpec(web))],
        secrets: [regcred],
      },
      { secrets: false },
    );
    assert.deepEqual(shortly(report), { findings: [], notes: [] });
    assert.deepEqual(report.counts.images, { served: 0, byNode: 0, anonymous: 1, broken: 0, unknown: 1 });
    assert.equal(report.counts.pullSecrets, undefined);
  });

  it("prints neither a login nor a control character of a name", async () => {
    const report = await audit({
      deployments: [
        workload("shop/web\u001b[31m\u009b", podSpec(`c4n4ry-user:c4n4ry-pass@${web}`, ["\u202eevil"])),
      ],
      secrets: [
        pullSecret("shop/regcred", [login(shop), login("c4n4ry-user:c4n4ry-pass@reg.example.com")]),
        pullSecret("shop/poison", '{"auths":{"reg.example.com":{"auth":"YzRuNHJ5LXBhc3M="}}}'),
        pullSecret("other/regcred", [login(shop, "c4n4ry-pass2")]),
      ],
      serviceaccounts: [account("shop/x", ["regcred", "poison"]), account("other/x", ["regcred"])],
    });
    for (const text of [tableReport(report), jsonReport(report)]) {
      assert.doesNotMatch(text, /c4n4ry|YzRuNHJ5/);
      assert.doesNotMatch(text, /[^\P{C}\n]/u);
    }
    assert.deepEqual(JSON.parse(jsonReport(report)), report);
  });

  it("prints a table for people", async () => {
    const report = await audit({
      deployments: [workload("shop/web", podSpec([web, "nginx:1", "quay.io/a/b:1"]))],
      secrets: [regcred, pullSecret("shop/unused", [login("ghcr.io")])],
      serviceaccounts: [account("shop/x", ["regcred"])],
    });
    assert.equal(
      tableReport(report),
      `PROBLEM  NAMESPACE  OBJECT          IMAGE
noLogin  shop       Deployment/web  registry.example.com/shop/web:1
  It lists no pull Secret, so it is pulled without a login. The Secret "regcred" of its namespace has one.
  Add "regcred" to its imagePullSecrets, or if "registry.example.com/shop/web:1" is public, name its server with --servers-without-secret.

Worth knowing, but not counted as findings:

PROBLEM       NAMESPACE  OBJECT         IMAGE
unusedSecret  shop       Secret/unused
  No workload, pod or ServiceAccount lists it.
  Delete it, if nothing else reads it: whoever may read Secrets in the namespace has its logins.

1 finding in 1 workload, 0 pods and 2 pull Secrets.
Images are pulled: 0 with a login of a Secret, 0 by the nodes or from a server that needs no Secret, 3 without a login.
Without a login, and with no sign that they need one: docker.io 1, quay.io 1.`,
    );
  });
});
