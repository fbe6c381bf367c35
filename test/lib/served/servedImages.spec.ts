import assert from "node:assert/strict";
import { notKnown } from "../../../components/lib/served/known";
import type { PullingAccount, PullingWorkload, PullSecret } from "../../../components/lib/served/pullObjects";
import { type ImagesToServe, unservedImages } from "../../../components/lib/served/servedImages";

const image = "registry.example.com/team/app:1";
const login: PullSecret = { namespace: "apps", name: "registry-login", servers: ["registry.example.com"] };
const account: PullingAccount = { namespace: "apps", name: "runner", secretNames: ["registry-login"] };

function pod(spec: object = {}, namespace: PullingWorkload["namespace"] = "apps"): PullingWorkload {
  return { namespace, podSpec: { containers: [{ name: "app", image }], ...spec } };
}

/** The problems of one workload as `kind path: reason`. */
function problems(
  workload: PullingWorkload,
  { secrets = [login], ...given }: Partial<ImagesToServe<PullingWorkload>> = {},
): string[] {
  const objects = { workloads: [workload], secrets, serviceAccounts: [], scope: "this stack", ...given };
  return unservedImages(objects).map(({ kind, path, reason }) => `${kind} ${path}: ${reason}`);
}

const listing = (...names: unknown[]): object => ({ imagePullSecrets: names.map((name) => ({ name })) });
const place = "containers[0].image";
const anonymous = `unserved ${place}: "${image}" is pulled without a login: neither the pod nor its ServiceAccount`;
const unchecked = (kind: string): string => `${kind} ${place}: "${image}" can't be checked:`;

describe("unservedImages", () => {
  it("finds none where a listed Secret of the namespace has a login", () => {
    assert.deepEqual(problems(pod(listing("registry-login"))), []);
  });

  it("finds none where the ServiceAccount lists the Secret, also by the old name of the member", () => {
    const serviceAccounts = [account];
    assert.deepEqual(problems(pod({ serviceAccountName: "runner" }), { serviceAccounts }), []);
    assert.deepEqual(problems(pod({ serviceAccount: "runner" }), { serviceAccounts }), []);
  });

  it("takes the account default where the pod names none", () => {
    const serviceAccounts = [{ ...account, name: "default" }];
    assert.deepEqual(problems(pod(), { serviceAccounts }), []);
    assert.deepEqual(problems(pod({ serviceAccountName: "" }), { serviceAccounts }), []);
  });

  it("does not take the account's Secrets for a pod that lists its own", () => {
    const secrets = [login, { ...login, name: "other", servers: ["other.example.com"] }];
    const spec = { serviceAccountName: "runner", ...listing("other") };
    assert.deepEqual(problems(pod(spec), { secrets, serviceAccounts: [account] }), [
      `unserved ${place}: No server matches "${image}"; the nearest, "other.example.com", does not: its host is not "registry.example.com". Add a registry for it, correct the image or the server, or name its server in \`serversWithoutSecret\` if it needs no pull Secret. Its pull Secrets: other. The pull Secret "registry-login" of its namespace has a login for it, but is not listed.`,
    ]);
  });

  it("says that a pod without pull Secrets pulls without a login", () => {
    assert.deepEqual(problems(pod()), [
      `${anonymous} "default" lists a pull Secret. The pull Secret "registry-login" of its namespace has a login for it, but is not listed.`,
    ]);
    assert.deepEqual(problems(pod(), { secrets: [] }), [
      `${anonymous} "default" lists a pull Secret. List one that has a login for it, or name its server in \`serversWithoutSecret\` if it needs none.`,
    ]);
    const unknown = { namespace: notKnown, name: "other", servers: ["other.example.com"] } as const;
    assert.deepEqual(problems(pod({}, notKnown), { secrets: [unknown] }), problems(pod(), { secrets: [] }));
    const serviceAccounts = [{ ...account, secretNames: [] }];
    assert.deepEqual(problems(pod({ serviceAccountName: "runner" }), { secrets: [], serviceAccounts }), [
      `${anonymous} "runner" lists a pull Secret. List one that has a login for it, or name its server in \`serversWithoutSecret\` if it needs none.`,
    ]);
  });

  it("names the nearest server of the namespace where a pod lists no pull Secret", () => {
    const near = { ...login, servers: ["registry.example.org"] };
    const elsewhere = { ...login, namespace: "web", servers: ["registry.example.co"] };
    assert.deepEqual(problems(pod(), { secrets: [elsewhere, near, { ...near, servers: notKnown }] }), [
      `${anonymous} "default" lists a pull Secret. No server matches "${image}"; the nearest, "registry.example.org", does not: its host is not "registry.example.com". Add a registry for it, correct the image or the server, or name its server in \`serversWithoutSecret\` if it needs no pull Secret.`,
    ]);
  });

  it("does not take a Secret or an account of another namespace", () => {
    assert.deepEqual(problems(pod({}, "web")), [
      `${anonymous} "default" lists a pull Secret. The pull Secret "registry-login" has a login for it, but is in the namespace "apps": a pod uses only those of its own.`,
    ]);
    assert.deepEqual(problems(pod({}, "web"), { secrets: [{ ...login, namespace: "" }] }), [
      `${anonymous} "default" lists a pull Secret. The pull Secret "registry-login" has a login for it, but is in the provider's namespace: a pod uses only those of its own.`,
    ]);
    assert.deepEqual(problems(pod(listing("registry-login"), "web")), [
      `${unchecked("elsewhere")} the pull Secret "registry-login" is not in this stack. The pull Secret "registry-login" has a login for it, but is in the namespace "apps": a pod uses only those of its own.`,
    ]);
    assert.deepEqual(
      problems(pod({ serviceAccountName: "runner" }, "web"), { secrets: [], serviceAccounts: [account] }),
      [`${unchecked("elsewhere")} its ServiceAccount "runner" is not in this stack.`],
    );
  });

  it("names one Secret of another namespace, and none whose place or name is not known yet", () => {
    const lead = `${anonymous} "default" lists a pull Secret.`;
    const advice =
      "List one that has a login for it, or name its server in `serversWithoutSecret` if it needs none.";
    assert.deepEqual(problems(pod({}, "web"), { secrets: [login, { ...login, namespace: "shop" }] }), [
      `${lead} The pull Secret "registry-login" has a login for it, but is in the namespace "apps": a pod uses only those of its own.`,
    ]);
    const cases: [PullingWorkload["namespace"], Partial<PullSecret>][] = [
      ["web", { name: notKnown }],
      ["web", { namespace: notKnown }],
      [notKnown, { namespace: "apps" }],
      [notKnown, { namespace: notKnown }],
    ];
    for (const [namespace, changes] of cases) {
      assert.deepEqual(problems(pod({}, namespace), { secrets: [{ ...login, ...changes }] }), [
        `${lead} ${advice}`,
      ]);
    }
  });

  it("needs no Secret for serversWithoutSecret", () => {
    const serversWithoutSecret = ["registry.example.com/team"];
    assert.deepEqual(problems(pod(), { serversWithoutSecret }), []);
    assert.equal(problems(pod(), { serversWithoutSecret: ["registry.example.com/other"] }).length, 1);
  });

  it("refuses what is not an image, without the login in it", () => {
    const spec = { containers: [{ image: "janedoe:hunter2@registry.example.com/app" }, {}] };
    const [first = "", second = ""] = problems(pod({ ...spec, ...listing("registry-login") }));
    assert.match(first, /^unserved containers\[0\].image: ".*" is not an image reference: /);
    assert.doesNotMatch(first, /hunter2|janedoe/);
    assert.match(second, /^unserved containers\[1\].image: "" is not an image reference: /);
  });

  it("says of what is not an image only that, whatever else can't be checked", () => {
    const spec = { containers: [{ image: "registry.example.com/a b" }], ...listing("elsewhere") };
    assert.deepEqual(problems(pod(spec)), [
      `unserved ${place}: "registry.example.com/a b" is not an image reference: write [domain[:port]/]path[:tag][@digest], the path in lower-case letters and digits with "/", ".", "_", "__" or "-" between them.`,
    ]);
  });

  it("checks the images of all kinds of containers and of volumes", () => {
    const containers = { initContainers: [{ image }], containers: [], ephemeralContainers: [{ image }] };
    const paths = unservedImages({
      workloads: [pod({ ...containers, volumes: [{}, { image: { reference: image } }] })],
      secrets: [],
      serviceAccounts: [],
      scope: "this stack",
    }).map(({ path }) => path);
    assert.deepEqual(paths, [
      "initContainers[0].image",
      "ephemeralContainers[0].image",
      "volumes[1].image.reference",
    ]);
  });

  it("pulls nothing with a Secret that kubelet can't read, even what another one serves", () => {
    const broken = { ...login, name: "broken", servers: [], unreadable: "docker config is not JSON." };
    assert.deepEqual(
      problems(pod(listing("registry-login", "broken")), {
        secrets: [login, broken],
        serversWithoutSecret: ["registry.example.com"],
      }),
      [
        `unserved ${place}: "${image}" can't be pulled, since kubelet can't read the pull Secret "broken": docker config is not JSON.`,
      ],
    );
  });

  it("says which of the listed Secrets kubelet ignores", () => {
    const secrets: PullSecret[] = [{ ...login, name: "opaque", servers: [], isIgnored: true }];
    assert.deepEqual(problems(pod(listing("opaque")), { secrets }), [
      `unserved ${place}: No server matches "${image}"; there is none. Add a registry for it, correct the image or the server, or name its server in \`serversWithoutSecret\` if it needs no pull Secret. Its pull Secrets: opaque. Kubelet ignores "opaque": a pull Secret has the type kubernetes.io/dockerconfigjson and the key .dockerconfigjson.`,
    ]);
  });

  it("names the nearest server without a login in it, as a Secret that others make may have", () => {
    const secrets = [{ ...login, servers: ["https://janedoe:hunter2@registry.example.org"] }];
    assert.match(
      problems(pod(listing("registry-login")), { secrets }).join(),
      /the nearest, "\.\.\.@registry\.example\.org", does not: kubelet can't read it\./,
    );
  });

  it("can't check what a Secret elsewhere decides, unless another one serves the image", () => {
    assert.deepEqual(problems(pod(listing("elsewhere"))), [
      `${unchecked("elsewhere")} the pull Secret "elsewhere" is not in this stack. The pull Secret "registry-login" of its namespace has a login for it, but is not listed.`,
    ]);
    assert.deepEqual(problems(pod(listing("elsewhere", "registry-login"))), []);
  });

  describe("at preview", () => {
    it("says which name, login or namespace is not known yet", () => {
      const secrets: PullSecret[] = [];
      const none = (text: string): string[] => [`${unchecked("notKnown")} ${text}`];
      const cases: [PullingWorkload, Partial<ImagesToServe<PullingWorkload>>, string[]][] = [
        [pod({ imagePullSecrets: notKnown }), {}, none("its pull Secrets are not known yet.")],
        [pod(listing(notKnown)), {}, none("not all names of its pull Secrets are known yet.")],
        [
          pod(listing("elsewhere", notKnown)),
          {},
          none(
            'not all names of its pull Secrets are known yet, and the pull Secret "elsewhere" is not in this stack.',
          ),
        ],
        [pod({ serviceAccountName: notKnown }), {}, none("its ServiceAccount is not known yet.")],
        [
          pod({ serviceAccountName: "runner" }),
          { serviceAccounts: [{ ...account, secretNames: notKnown }] },
          none('the pull Secrets of its ServiceAccount "runner" are not known yet.'),
        ],
        [
          pod({ serviceAccountName: "runner" }),
          { serviceAccounts: [{ ...account, name: notKnown }] },
          none('not all pull Secrets of its ServiceAccount "runner" are known yet.'),
        ],
        [
          pod(listing("registry-login")),
          { secrets: [{ ...login, servers: notKnown }] },
          none('the logins of the pull Secret "registry-login" are not known yet.'),
        ],
        [
          pod(listing("other", "registry-login")),
          { secrets: [{ ...login, servers: [], name: notKnown }] },
          none(
            'the logins of the pull Secret "other" are not known yet, and the logins of the pull Secret "registry-login" are not known yet.',
          ),
        ],
        [
          pod(listing("registry-login"), notKnown),
          { secrets: [login] },
          none('the logins of the pull Secret "registry-login" are not known yet.'),
        ],
      ];
      for (const [workload, given, expected] of cases) {
        assert.deepEqual(problems(workload, { secrets, ...given }), expected);
      }
    });

    it("names a login whose Secret has no known name yet", () => {
      assert.deepEqual(problems(pod(listing(notKnown)), { secrets: [{ ...login, name: notKnown }] }), [
        `${unchecked("notKnown")} not all names of its pull Secrets are known yet. A pull Secret of its namespace, whose name is not known yet, has a login for it.`,
      ]);
    });

    it("finds none where what is known serves the image", () => {
      assert.deepEqual(problems(pod(listing(notKnown, "registry-login"))), []);
      assert.deepEqual(problems(pod({}, notKnown), { serversWithoutSecret: ["registry.example.com"] }), []);
    });

    it("is sure that a pod without any pull Secret has none, whatever its namespace", () => {
      assert.deepEqual(problems(pod({}, notKnown)), [
        `${anonymous} "default" lists a pull Secret. List one that has a login for it, or name its server in \`serversWithoutSecret\` if it needs none.`,
      ]);
    });

    it("says which images are not known yet", () => {
      const spec = {
        initContainers: notKnown,
        containers: [notKnown, { image: notKnown }],
        volumes: [{ image: { reference: notKnown } }],
      };
      const unknown = [
        "initContainers",
        "containers[0]",
        "containers[1].image",
        "volumes[0].image.reference",
      ];
      assert.deepEqual(
        problems(pod(spec)),
        unknown.map((path) => `notKnown ${path}: The image is not known yet.`),
      );
      assert.deepEqual(problems({ namespace: "apps", podSpec: notKnown }), [
        "notKnown : The image is not known yet.",
      ]);
    });
  });

  it("survives pod specs of any shape", () => {
    for (const podSpec of [
      undefined,
      null,
      1,
      "pod",
      [],
      { containers: "app" },
      { containers: [null, 1, []] },
    ]) {
      assert.deepEqual(problems({ namespace: "apps", podSpec }), []);
    }
    const odd = [{ imagePullSecrets: "login" }, { imagePullSecrets: [null, 1, {}, { name: 1 }] }];
    for (const spec of odd) {
      assert.equal(problems(pod(spec), { secrets: [] }).length, 1);
    }
  });
});
