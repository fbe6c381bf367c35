import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { RegistryLogin } from "../../components";
import type { AuditReport } from "../../audit/auditCluster";
import { runAudit } from "../support/cluster/auditRun";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";
import { login, podSpec, pullSecret } from "../support/cluster/objects";
import { create, kubectl, setting } from "./support/commands";
import { newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { pulls } from "./support/workload";

describe("audit", () => {
  const scene = useScene("audit");
  let namespace: string;
  let good: RegistryLogin;
  let image: string;

  beforeEach(async () => {
    namespace = await scene.namespace();
    good = await scene.user(scene.registry);
    image = await scene.registry.push("audit/app");
  });

  async function audit(...options: string[]): Promise<{ report: AuditReport; text: string; code: number }> {
    const { code, stdout, stderr } = await runAudit(
      ["--output=json", `--namespace=${namespace}`, ...options],
      {
        NODE_EXTRA_CA_CERTS: setting("REGISTRY_CA"),
      },
    );
    assert.equal(stderr, "");
    return { report: JSON.parse(stdout) as AuditReport, text: stdout, code };
  }

  function problems({ findings }: Pick<AuditReport, "findings">): string[] {
    return findings.map(({ problem, kind, name }) => `${problem} ${kind}/${name}`);
  }

  async function secret(name: string, content: RegistryLogin[] | string, type?: string): Promise<void> {
    const object = pullSecret(`${namespace}/${name}`, content, type);
    await create(namespace, { apiVersion: "v1", kind: "Secret", ...object, metadata: { name } });
  }

  /** Makes a pod and says whether kubelet could pull its image. */
  async function pod(name: string, secrets: string[], of = image): Promise<boolean> {
    const spec = podSpec([], secrets, {
      containers: [{ name: "app", image: of, imagePullPolicy: "Always" }],
      terminationGracePeriodSeconds: 0,
    });
    await create(namespace, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
    const outcomes = await pulls(namespace, name);
    return outcomes["app"]?.pulled === true;
  }

  it("agrees with kubelet about a broken pod of each sort, and shows no login", async () => {
    const cut = good.server.replace(/:\d+$/, "");
    await secret("regcred", [good]);
    await secret("short", [{ ...good, server: cut }]);
    await secret("shouting", [{ ...good, server: good.server.toUpperCase() }]);
    await secret("poison", '{"auths":{"reg.example.com":{"auth":"c4n4ry"}}}');
    await create(namespace, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "opaque" },
      type: "Opaque",
      data: pullSecret("x/y", [good])["data"],
    });
    const pulled = {
      good: await pod("good", ["regcred"]),
      unlisted: await pod("unlisted", []),
      absent: await pod("absent", ["absent-secret"]),
      skipped: await pod("skipped", ["opaque"]),
      shorter: await pod("shorter", ["short"]),
      shouter: await pod("shouter", ["shouting"]),
    };
    assert.deepEqual(pulled, {
      good: true,
      unlisted: false,
      absent: false,
      skipped: false,
      shorter: false,
      shouter: false,
    });
    await create(namespace, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "poisoned" },
      spec: podSpec(image, ["regcred", "poison"]),
    });

    const { report, text, code } = await audit();
    assert.deepEqual(problems(report), [
      "noLogin Pod/absent",
      "noLogin Pod/shorter",
      "noLogin Pod/shouter",
      "noLogin Pod/skipped",
      "noLogin Pod/unlisted",
      "missingSecret Secret/absent-secret",
      "wrongType Secret/opaque",
      "poisonedSecret Secret/poison",
      "matchesNothing Secret/shouting",
    ]);
    assert.equal(code, 1);
    for (const hidden of [good.username, good.password, Buffer.from(good.password).toString("base64")]) {
      assert.ok(!text.includes(hidden));
    }
  });

  it("tells pods that run and would fail at their next pull, and kubelet agrees", async () => {
    await secret("regcred", [good]);
    await secret("doomed", [good]);
    assert.ok(await pod("running", ["doomed"]));
    assert.deepEqual(problems((await audit()).report), []);

    await kubectl("delete", `--namespace=${namespace}`, "secret/doomed");
    const { report } = await audit();
    assert.deepEqual(problems(report), ["noLogin Pod/running", "missingSecret Secret/doomed"]);
    assert.equal(report.findings[0]?.runningPods, 1);
    await kubectl("exec", `--namespace=${namespace}`, "running", "--", "/hello", "stop");
    await kubectl(
      "wait",
      `--namespace=${namespace}`,
      "pod/running",
      "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff",
      "--timeout=120s",
    );
  });

  it("with --verify, finds a password that was revoked before a node does, and needs no Secret of others", async () => {
    await secret("regcred", [good]);
    await secret("partner", [login("partner.example.com")]);
    assert.ok(await pod("running", ["regcred"]));
    const sound = await audit("--verify");
    assert.deepEqual(problems(sound.report), []);
    assert.equal(sound.code, 0);

    await scene.registry.setPassword({ ...good, password: newPassword() });
    const { report, code } = await audit("--verify");
    assert.deepEqual(problems(report), ["refusedLogin Secret/regcred"]);
    assert.match(report.findings[0]?.what ?? "", /\(401\).* Listed by Pod\/running\.$/);
    assert.equal(code, 1);
  });

  it("works with the Role of the docs, and says what a lesser one keeps from it", async () => {
    await secret("regcred", [good]);
    await kubectl("create", "serviceaccount", "auditor", `--namespace=${namespace}`);
    const rules = [
      { apiGroups: [""], resources: ["pods", "serviceaccounts", "replicationcontrollers"], verbs: ["list"] },
      {
        apiGroups: ["apps"],
        resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
        verbs: ["list"],
      },
      { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: ["list"] },
    ];
    const meta = { name: "auditor" };
    const rbac = "rbac.authorization.k8s.io/v1";
    await create(namespace, { apiVersion: rbac, kind: "Role", metadata: meta, rules });
    await create(namespace, {
      apiVersion: rbac,
      kind: "RoleBinding",
      metadata: meta,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "auditor" },
      subjects: [{ kind: "ServiceAccount", name: "auditor", namespace }],
    });
    const token = (await kubectl("create", "token", "auditor", `--namespace=${namespace}`)).trim();
    const config = (await kubectl("config", "view", "--raw", "--minify", "--output=json")).trim();
    const folder = temporaryDirectory();
    try {
      const file = `${folder.path}/kubeconfig`;
      const parsed = JSON.parse(config) as { users: { user: object }[] };
      for (const user of parsed.users) {
        user.user = { token };
      }
      writeFileSync(file, JSON.stringify(parsed));
      const environment = { KUBECONFIG: file };
      const less = await runAudit([`--namespace=${namespace}`, "--no-secrets"], environment);
      assert.equal(less.code, 0, less.stdout + less.stderr);
      const full = await runAudit([`--namespace=${namespace}`], environment);
      assert.equal(full.code, 2, full.stdout + full.stderr);
      assert.match(
        full.stdout,
        /secrets: you may not list it \(403\)\..* Give your Role the rule \{ apiGroups: \[""\], resources: \["secrets"\], verbs: \["list"\] \}\./,
      );
    } finally {
      await folder.stop();
    }
  });
});
