import assert from "node:assert/strict";
import { parseSettings, SettingsError } from "../../program/settings";

const password = "hunter2-canary";
const login = { server: "registry.example.com", username: "janedoe", password };
const image = "registry.example.com/app:v1";
const registries = JSON.stringify([login]);

describe("parseSettings", () => {
  it("reads the smallest config: logins", () => {
    assert.deepEqual(parseSettings({ registries }, "pull"), { registries: [login], deployments: {} });
  });

  it("reads a whole config", () => {
    const config = {
      registries: [{ ...login, email: "janedoe@example.com", namespaces: ["shop"] }],
      previousRegistries: [login],
      extraPullSecrets: [{ secretNames: ["default-secret"], servers: ["swr.*.myhuaweicloud.com"] }],
      namespaces: { shop: "shop-prod" },
      createNamespace: true,
      secretName: "pull",
      rotation: "inPlace",
      verify: "enforce",
      rolloutTimeout: "1h30m10s",
      renderTo: "manifests/local",
    } as const;
    const app = {
      namespace: "shop",
      replicas: 2,
      allowAnonymous: true,
      pinDigest: true,
      initContainers: [{ name: "migrate", image, command: ["migrate"] }],
      containers: [
        {
          name: "app",
          image,
          args: ["--all"],
          env: { LEVEL: "info" },
          imagePullPolicy: "Always",
          ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
          resources: { requests: { cpu: "100m" }, limits: { memory: "1Gi" } },
          readinessProbe: { httpGet: { port: 8080, path: "/", scheme: "HTTPS" }, periodSeconds: 5 },
          livenessProbe: { tcpSocket: { port: 8080 }, failureThreshold: 3 },
          startupProbe: { exec: { command: ["true"] }, initialDelaySeconds: 0, timeoutSeconds: 1 },
        },
      ],
      labels: { team: "a" },
      annotations: { note: "b" },
      podSpec: { hostNetwork: true },
    };
    assert.deepEqual(parseSettings(configOf({ ...config, workloads: { app } }), "pull"), {
      ...config,
      deployments: { app },
    });
  });

  it("makes a port the container's only one", () => {
    const workloads = JSON.stringify({ app: { image, port: 8080 } });
    assert.deepEqual(parseSettings({ registries, workloads }, "pull").deployments, {
      app: { image, ports: [{ containerPort: 8080 }] },
    });
  });

  it("takes texts that look like JSON for texts", () => {
    const config = { registries, namespace: "7", secretName: "true", renderTo: "null" };
    assert.deepEqual(parseSettings(config, "pull"), { ...config, registries: [login], deployments: {} });
  });

  it("takes ServiceAccounts of Secrets that keep their names", () => {
    const settings = { serviceAccounts: { default: ["puller"] }, rotation: "inPlace" } as const;
    const read = parseSettings(configOf({ registries: [login], ...settings }), "pull");
    assert.deepEqual(read, { registries: [login], ...settings, deployments: {} });
  });

  it("takes a folder path of 4,096 characters", () => {
    const renderTo = "a".repeat(4096);
    assert.equal(parseSettings({ registries, renderTo }, "pull").renderTo, renderTo);
  });

  it("takes an image without a login where a workload allows it", () => {
    const workloads = JSON.stringify({ app: { image: "nginx:1.27", allowAnonymous: true } });
    assert.deepEqual(parseSettings({ registries, workloads }, "pull").deployments, {
      app: { image: "nginx:1.27", allowAnonymous: true },
    });
  });

  it("takes an image without a login whose server needs no pull Secret, and no other", () => {
    const serversWithoutSecret = JSON.stringify(["public.ecr.aws"]);
    const configured = (name: string) => ({
      registries,
      serversWithoutSecret,
      workloads: JSON.stringify({ app: { image: name } }),
    });
    const { serversWithoutSecret: read } = parseSettings(configured("public.ecr.aws/nginx:1.27"), "pull");
    assert.deepEqual(read, ["public.ecr.aws"]);
    assert.throws(
      () => parseSettings(configured("ecr.aws/nginx:1.27"), "pull"),
      /^SettingsError: The stack's config: 1 problem\n {2}workloads\.app\.image: no server matches "ecr\.aws\/nginx:1\.27"/,
    );
  });

  const timeouts = ["5m", "90s", "1h30m", "000001h"];
  for (const rolloutTimeout of timeouts) {
    it(`takes ${rolloutTimeout} for a duration`, () => {
      assert.equal(parseSettings({ registries, rolloutTimeout }, "pull").rolloutTimeout, rolloutTimeout);
    });
  }

  it("names its error", () => {
    assert.throws(() => parseSettings({}, "pull"), { name: "SettingsError" });
  });
});

describe("parseSettings, wrong config", () => {
  const label =
    'is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.';
  const noList = "is nothing: give a list of registries, each with server, username and password.";
  const noLogins =
    "is missing, and so are `dockerConfigJson` and `extraPullSecrets`: give at least one of them.";
  const unknownKey =
    "Expected one of: registries, dockerConfigJson, previousRegistries, previousDockerConfigJson, extraPullSecrets, serversWithoutSecret, namespace, namespaces, createNamespace, protectNamespaces, secretName, expiryWarningDays, rotation, verify, adopt, serviceAccounts, patchServiceAccounts, labels, annotations, rolloutTimeout, renderTo, renderKustomization, renderSecrets, workloads.";
  const noDuration = 'is not a duration: write hours, minutes and seconds, such as "5m" or "90s".';
  const noFolder =
    'is not a folder path: write at most 4,096 characters, none of them a control character, such as "manifests".';
  const noQualifiedName =
    'is not a qualified name: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, and before them a domain and "/", or nothing.';
  const taken = "contains a password from the registries: remove it.";
  const remedy =
    "Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.";
  const uncovered = `no server matches "nginx:1.27" (on Docker Hub, as it names no other host); the nearest, "registry.example.com", does not: its host has 3 dot-separated parts and the image's has 2; "*" matches within one part. ${remedy}`;

  const wrong: [title: string, config: Record<string, unknown>, problems: string[]][] = [
    ["no registries", { registries: undefined }, [`registries: ${noLogins}`]],
    ["no registry", { registries: [] }, ["registries: is empty: give at least one registry."]],
    ["registries that are null", { registries: null }, [`registries: ${noList}`]],
    [
      "registries that are no JSON",
      { registries: `[{"password": ${password}` },
      ["registries: is a string: give a list of registries, each with server, username and password."],
    ],
    ["outgoing logins that are null", { previousRegistries: null }, [`previousRegistries: ${noList}`]],
    [
      "a reference that names no Secret",
      { extraPullSecrets: [{ secretNames: [], servers: ["quay.io"] }] },
      [
        "extraPullSecrets[0].secretNames: names no Secret: write the names of the Secrets that hold the logins. If the images need none, leave this reference out and name its servers in `serversWithoutSecret`.",
      ],
    ],
    [
      "servers of images without a Secret that match no image, beside an image that needs one of them",
      { serversWithoutSecret: ["quay.io", "http:/quay.io"], workloads: { app: { image: "quay.io/app:1" } } },
      [
        'serversWithoutSecret[1]: "http:/quay.io" has an impossible port: use a number from 1 to 65535, the one that the images name, or none.',
      ],
    ],
    ["an unknown key", { registry: [] }, [`registry: is not a known name. ${unknownKey}`]],
    [
      "an unknown key near a known one, and names of Secrets beside it",
      { namespaceS: "shop", secretName: "Pull" },
      [
        `namespaceS: is not a known name (did you mean "namespaces"?). ${unknownKey}`,
        'secretName: "Pull" is not a DNS-1123 subdomain: use at most 235 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.',
      ],
    ],
    [
      "the key __proto__",
      JSON.parse('{"__proto__":"a"}') as Record<string, unknown>,
      [`__proto__: is not a known name. ${unknownKey}`],
    ],
    ["the key constructor", { constructor: "a" }, [`constructor: is not a known name. ${unknownKey}`]],
    [
      "a kustomization of nothing that is rendered",
      { renderKustomization: true },
      ["renderKustomization: needs `renderTo`, the folder whose files it lists."],
    ],
    [
      "Secrets that are not rendered, without a folder and under names that change",
      { renderSecrets: false, adopt: true },
      [
        "renderSecrets: needs `renderTo`, the folder which gets all but the Secrets.",
        "renderSecrets: needs rotation: inPlace: whoever creates the Secrets must know their names, and a versioned name changes with each rotation.",
        "adopt: takes over a Secret, and with `renderSecrets: false` none is created here: drop one of the two.",
      ],
    ],
    [
      "ServiceAccounts of versioned Secrets, and of a key that is none",
      { serviceAccounts: { web: ["puller"] } },
      [
        "serviceAccounts: needs rotation: inPlace: a pod keeps the Secret's name that its ServiceAccount had when it was created, and a versioned rotation deletes that Secret. To keep Deployments versioned, give the accounts an ImagePullSecret of their own with rotation: inPlace.",
        'serviceAccounts.web: "web" is not a key of `namespaces`. Expected one of: default.',
      ],
    ],
    [
      "ServiceAccounts, and namespaces that are none",
      { namespaces: 7, serviceAccounts: { web: ["puller"] } },
      ["namespaces: is a number: give an object."],
    ],
    [
      "labels that are called as other settings, which are checked all the same",
      {
        labels: { registries: 7, serviceAccounts: 7 },
        rotation: "inPlace",
        serviceAccounts: { web: ["puller"] },
        workloads: { app: { image: "nginx:1.27" } },
      },
      [
        "labels.registries: is a number: give a string (write it in quotes).",
        "labels.serviceAccounts: is a number: give a string (write it in quotes).",
        'serviceAccounts.web: "web" is not a key of `namespaces`. Expected one of: default.',
        `workloads.app.image: ${uncovered}`,
      ],
    ],
    [
      "a login that has expired",
      { registries: [{ ...login, expiresAt: "2025-12-31T00:00:00Z" }] },
      [
        "registries[0].expiresAt: 2025-12-31T00:00:00Z has passed, so the registry rejects this login. Create a new one and update `expiresAt`.",
      ],
    ],
    [
      "ServiceAccounts that are no lists, and labels that are none",
      { serviceAccounts: { default: "puller" }, labels: { team: "a b" }, adopt: "yes" },
      [
        "adopt: is a string: give a boolean.",
        "serviceAccounts.default: is a string: give a list.",
        `labels.team: "a b" is not a label value: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.`,
      ],
    ],
    ["a namespace that is none", { namespace: "Shop" }, [`namespace: "Shop" ${label}`]],
    [
      "namespace and namespaces",
      { namespace: "shop", namespaces: { a: "a" } },
      ["namespaces: is given along with `namespace`: keep one of the two."],
    ],
    ["no namespaces", { namespaces: {} }, ["namespaces: is empty: give at least one namespace."]],
    [
      "a namespace by the key default",
      { namespaces: { default: "Shop" } },
      [`namespaces.default: "Shop" ${label}`],
    ],
    [
      "a namespace that is no text, beside one with another problem",
      { namespaces: { a: 7, b: "B" }, createNamespace: true },
      ["namespaces.a: is a number: give a string (write it in quotes).", `namespaces.b: "B" ${label}`],
    ],
    [
      "namespaces that are a list, and no more than that about them",
      {
        registries: [{ ...login, namespaces: ["a"] }],
        namespaces: ["a"],
        workloads: { app: { image: "nginx:1.27", namespace: "a" } },
      },
      ["namespaces: is a list: give an object."],
    ],
    [
      "a namespace without the name to create it",
      { createNamespace: true },
      ["namespace: is missing: createNamespace needs its name."],
    ],
    ["a text for a boolean", { createNamespace: "yes" }, ["createNamespace: is a string: give a boolean."]],
    [
      "an unknown rotation",
      { rotation: "inplace" },
      ['rotation: is "inplace" (did you mean "inPlace"?): give one of versioned, inPlace.'],
    ],
    [
      "an unknown verify",
      { verify: "enforced" },
      ['verify: is "enforced" (did you mean "enforce"?): give one of off, warn, enforce.'],
    ],
    ["a duration without unit", { rolloutTimeout: "5" }, [`rolloutTimeout: "5" ${noDuration}`]],
    ["a duration of days", { rolloutTimeout: "1d" }, [`rolloutTimeout: "1d" ${noDuration}`]],
    ["a duration with more around it", { rolloutTimeout: " 5m" }, [`rolloutTimeout: " 5m" ${noDuration}`]],
    ["a duration with more behind it", { rolloutTimeout: "5m." }, [`rolloutTimeout: "5m." ${noDuration}`]],
    ["an empty duration", { rolloutTimeout: "" }, [`rolloutTimeout: "" ${noDuration}`]],
    ["no folder to render to", { renderTo: "" }, [`renderTo: "" ${noFolder}`]],
    [
      "a folder path that is longer than Linux takes",
      { renderTo: "a".repeat(4097) },
      [`renderTo: "${"a".repeat(256)}..." ${noFolder}`],
    ],
    ["a list of folders", { renderTo: ["a"] }, [String.raw`renderTo: "[\"a\"]" ${noFolder}`]],
    ["a folder with a line break", { renderTo: "a\nb" }, [String.raw`renderTo: "a\nb" ${noFolder}`]],
    [
      "extra pull Secrets with impossible names and servers",
      { extraPullSecrets: [{ secretNames: ["A"], servers: ["registry.example.com", "registry"] }] },
      [
        `extraPullSecrets[0].secretNames[0]: "A" is not a DNS-1123 subdomain: use at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.`,
        'extraPullSecrets[0].servers[1]: "registry" has a host without a dot or port, and an image named "host/app" is on Docker Hub: write the full host name or the port.',
      ],
    ],
    [
      "labels, variables, quantities and ports that Kubernetes does not take",
      {
        workloads: {
          app: {
            image,
            labels: { "a b": "c d" },
            annotations: { "a/b/c": "any text" },
            env: { "A=B": "any text" },
            resources: { requests: { cpu: "1x" }, limits: { "-": "1" } },
            ports: [{ containerPort: 80, name: "HTTP" }],
          },
        },
      },
      [
        `workloads.app.labels["a b"]: the key "a b" ${noQualifiedName}`,
        'workloads.app.labels["a b"]: "c d" is not a label value: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.',
        `workloads.app.annotations["a/b/c"]: the key "a/b/c" ${noQualifiedName}`,
        'workloads.app.env["A=B"]: the key "A=B" is not an environment variable name: use printable ASCII characters other than "=".',
        'workloads.app.ports[0].name: "HTTP" is not a port name: use at most 15 lower-case letters, digits and single "-", with a letter or digit at both ends, and a letter in it.',
        'workloads.app.resources.requests.cpu: "1x" is not a quantity: write a number with a unit or none, such as "100m", "0.5" or "1Gi".',
        `workloads.app.resources.limits.-: the key "-" ${noQualifiedName}`,
      ],
    ],
    [
      "a probe of two kinds, and one of none",
      {
        workloads: {
          app: {
            image,
            readinessProbe: { tcpSocket: { port: 80 }, exec: { command: ["true"] } },
            livenessProbe: {},
          },
        },
      },
      [
        "workloads.app.readinessProbe: has 2 of httpGet, tcpSocket, exec: give one of them.",
        "workloads.app.livenessProbe: has 0 of httpGet, tcpSocket, exec: give one of them.",
      ],
    ],
    [
      "what a container runs with beside `containers`, where it would be lost",
      { workloads: { app: { containers: [{ name: "a", image }], port: 80, ports: [], env: {} } } },
      ["env", "ports", "port"].map(
        (member) =>
          `workloads.app.${member}: is given along with \`containers\`: move it to the container that it is for.`,
      ),
    ],
    [
      "a port beside ports",
      { workloads: { app: { image, port: 80, ports: [{ containerPort: 81 }] } } },
      ["workloads.app.port: is given along with `ports`: keep one of the two."],
    ],
    [
      "an outgoing password among the current logins",
      {
        registries: [{ ...login, server: "outgoing canary", "outgoing canary": 1 }],
        previousRegistries: [{ ...login, password: "outgoing canary" }],
      },
      [
        "registries[0]: has a key that contains the username, email or password: remove it.",
        "registries[0].server: contains white space: give the registry's host.",
      ],
    ],
    ["a password as a key", { [`${password}!`]: 1 }, [`[...]: ${taken}`]],
    [
      "extra pull Secrets without servers, and no more than that about the images",
      { extraPullSecrets: [{ secretNames: ["a"] }], workloads: { app: { image: "nginx:1.27" } } },
      ["extraPullSecrets[0].servers: is missing."],
    ],
    ["workloads that are a list", { workloads: [] }, ["workloads: is a list: give an object."]],
    ["workloads that are no JSON", { workloads: "{" }, ["workloads: is a string: give an object."]],
    [
      "a workload that is a text",
      { workloads: { app: image } },
      ["workloads.app: is a string: give an object."],
    ],
    [
      "a workload without image",
      { workloads: { app: {} } },
      ["workloads.app.image: is missing, and so are `containers`: give one of the two."],
    ],
    [
      "a namespace of a workload that is no key",
      { namespaces: { a: "shop-a", b: "shop-b" }, workloads: { app: { image, namespace: "c" } } },
      [
        'workloads.app.namespace: "c" is not a key of `namespaces` (did you mean "a"?). Expected one of: a, b.',
      ],
    ],
    [
      "a container whose image no server matches",
      { workloads: { app: { containers: [{ name: "app", image: "nginx:1.27" }] } } },
      [`workloads.app.containers[0].image: ${uncovered}`],
    ],
    [
      "an outgoing password in another argument",
      { previousRegistries: [{ ...login, password: "0utgoing-canary" }], secretName: "0utgoing-Canary" },
      ["secretName: contains a password from the registries: remove it."],
    ],
    [
      "a workload with image and containers",
      { workloads: { app: { image, containers: [] } } },
      ["workloads.app.image: is given along with `containers`: give one of the two."],
    ],
    [
      "an unknown key of a workload, and its image beside it",
      { workloads: { app: { image: "nginx:1.27", imagePullPolice: "Always" } } },
      [
        'workloads.app.imagePullPolice: is not a known name (did you mean "imagePullPolicy"?). Expected one of: image, containers, initContainers, replicas, allowAnonymous, labels, annotations, podSpec, command, args, env, imagePullPolicy, ports, resources, readinessProbe, livenessProbe, startupProbe, port, namespace, pinDigest.',
        `workloads.app.image: ${uncovered}`,
      ],
    ],
    [
      "lists of a podSpec that are none",
      {
        workloads: {
          app: {
            image: "registry.example.com/a:1",
            podSpec: {
              imagePullSecrets: ["regcred", { name: "" }],
              initContainers: "x",
              containers: [null, { image: 5 }],
            },
          },
        },
      },
      [
        "workloads.app.podSpec.initContainers: is a string: give a list of containers.",
        "workloads.app.podSpec.containers[0]: is nothing: give an object with name and image.",
        "workloads.app.podSpec.containers[1].image: is a number: give a string.",
        'workloads.app.podSpec.imagePullSecrets[0]: is a string: give an object with the name of a Secret, such as { name: "regcred" }.',
        "workloads.app.podSpec.imagePullSecrets[1].name: is missing: give the name of a Secret.",
      ],
    ],
    [
      "a setting that begins like image, and the image beside it",
      { workloads: { app: { image: "nginx:1.27", imagePullPolicy: "always" } } },
      [
        'workloads.app.imagePullPolicy: is "always" (did you mean "Always"?): give one of Always, IfNotPresent, Never.',
        `workloads.app.image: ${uncovered}`,
      ],
    ],
    [
      "a container whose name and image are both wrong",
      { workloads: { app: { containers: [{ name: "/../x", image: 5 }] } } },
      [
        "workloads.app.containers[0].image: is a number: give a string (write it in quotes).",
        'workloads.app.containers[0].name: "/../x" is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.',
      ],
    ],
    [
      "members of the wrong kind, once each",
      { workloads: { app: { image: 7, namespace: 7, allowAnonymous: "yes", replicas: -1, port: 0 } } },
      [
        "workloads.app.image: is a number: give a string (write it in quotes).",
        "workloads.app.replicas: is -1: give a whole number from 0 to 2147483647.",
        "workloads.app.allowAnonymous: is a string: give a boolean.",
        "workloads.app.port: is 0: give a whole number from 1 to 65535.",
        "workloads.app.namespace: is a number: give a string (write it in quotes).",
      ],
    ],
    [
      "containers that are an object, a text, and without name or image",
      {
        workloads: {
          one: { containers: { name: "a", image } },
          two: { containers: ["text", {}], initContainers: [{ name: 7, image: "nginx:1.27" }] },
        },
      },
      [
        "workloads.one.containers: is an object: give a list.",
        "workloads.two.containers[0]: is a string: give an object.",
        "workloads.two.containers[1].name: is missing.",
        "workloads.two.containers[1].image: is missing.",
        "workloads.two.initContainers[0].name: is a number: give a string (write it in quotes).",
        `workloads.two.initContainers[0].image: ${uncovered}`,
      ],
    ],
    [
      "a probe without its port",
      { workloads: { app: { image, readinessProbe: { httpGet: {} } } } },
      ["workloads.app.readinessProbe.httpGet.port: is missing."],
    ],
    ["a workload's name", { workloads: { App: { image } } }, [`workloads.App: "App" ${label}`]],
    [
      "a workload called __proto__",
      { workloads: JSON.parse(`{"__proto__":{"image":"${image}"}}`) as unknown },
      [`workloads.__proto__: "__proto__" ${label}`],
    ],
    [
      "a namespace key called __proto__",
      { namespaces: JSON.parse('{"__proto__":"a"}') as unknown },
      [`namespaces.__proto__: the key "__proto__" ${label}`],
    ],
    [
      "an image in upper case",
      { workloads: { app: { image: "registry.example.com/App:v1" } } },
      [
        'workloads.app.image: "registry.example.com/App:v1" is not an image reference: its path "App" must be lower case.',
      ],
    ],
    [
      "an image that no server matches",
      { workloads: { app: { image: "nginx:1.27" } } },
      [`workloads.app.image: ${uncovered}`],
    ],
    [
      "a workload without one of several namespaces",
      { namespaces: { a: "shop-a", b: "shop-b" }, workloads: { app: { image, allowAnonymous: true } } },
      ["workloads.app.namespace: is missing: give one of the keys of `namespaces`: a, b."],
    ],
    [
      "everything at once",
      {
        registries: [{ server: "registry", username: "a:b", password: "" }],
        namespace: "Shop",
        rotation: "never",
        workloads: { app: { image: "a b" } },
      },
      [
        'rotation: is "never": give one of versioned, inPlace.',
        `namespace: "Shop" ${label}`,
        'registries[0].username: contains ":", where kubelet splits username from password: a username can\'t have one.',
        "registries[0].password: is empty.",
        'registries[0].server: has a host without a dot or port, and an image named "host/app" is on Docker Hub: give the registry\'s host.',
        'workloads.app.image: "a b" is not an image reference: write [domain[:port]/]path[:tag][@digest], the path in lower-case letters and digits with "/", ".", "_", "__" or "-" between them.',
      ],
    ],
    [
      "a password in other places",
      {
        namespace: `${password}.`,
        secretName: `${password}/`,
        rotation: password,
        workloads: {
          app: { image: `registry.example.com/${password}:` },
          [password.toUpperCase()]: { image },
        },
      },
      [
        `rotation: ${taken}`,
        `secretName: ${taken}`,
        `namespace: ${taken}`,
        `workloads.app.image: ${taken}`,
        `workloads: ${taken}`,
      ],
    ],
  ];
  for (const [title, config, problems] of wrong) {
    it(`is refused for ${title}`, () => {
      const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
      const lines = [`The stack's config: ${count}`, ...problems.map((problem) => `  ${problem}`)];
      assert.equal(messageOf(configOf({ registries: [login], ...config })), lines.join("\n"));
    });
  }

  it("takes the default name of the Secrets for a name to check", () => {
    assert.match(messageOf({ registries }, "Pull"), /^ {2}secretName: "Pull" is not a DNS-1123 subdomain/m);
  });

  it("takes constructor for a workload's name like any other", () => {
    const workloads = JSON.stringify({ constructor: { image } });
    assert.deepEqual(parseSettings({ registries, workloads }, "pull").deployments, {
      constructor: { image },
    });
  });

  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const long = "a".repeat(1024 * 1024);
  const hostile: [title: string, config: Record<string, string>][] = [
    ["deep registries", { registries: deep }],
    ["a deep login", { registries: `[${deep}]` }],
    ["a deep member of a login", { registries: `[{"username":${deep}}]` }],
    ["deep workloads", { registries, workloads: `{"a":{"containers":${deep}}}` }],
    [
      "long texts",
      {
        namespace: long,
        secretName: long,
        rotation: long,
        rolloutTimeout: "1h".repeat(1024 * 1024),
        registries: long,
      },
    ],
    [
      "long keys",
      { [long]: long, registries, workloads: JSON.stringify({ [long]: { image: long, [long]: long } }) },
    ],
    [
      "long members of a login",
      { registries: JSON.stringify([{ server: long, username: `${long}:`, [long]: 1 }]) },
    ],
  ];
  for (const [title, config] of hostile) {
    it(`is refused in few words for ${title}`, () => {
      assert.ok(messageOf(config).length < 5000);
    });
  }

  function messageOf(config: Record<string, string>, defaultName = "pull"): string {
    try {
      parseSettings(config, defaultName);
    } catch (error) {
      assert.ok(error instanceof SettingsError, String(error));
      return error.message;
    }
    return assert.fail("it is accepted");
  }
});

/** Config as the engine hands it over: texts as they are, others as JSON. */
function configOf(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
