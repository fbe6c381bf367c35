// A Pulumi program that fails, run by the CLI as a file: FAILURE chooses how, COUNT how many Deployments there are.
const k8s = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");
const { ImagePullSecret, PrivateDeployment, PrivateWorkloads, ...functions } = require(process.env.PACKAGE);

const { FAILURE: failure, COUNT: count } = process.env;
const opts = {
  provider: new k8s.Provider("render", { renderYamlToDirectory: process.env.OUT, kubeconfig: "" }),
};
const login = { server: "registry.example.com", username: "puller", password: pulumi.secret("pw-One1-Two2") };
const image = "registry.example.com/team/web:v1";
const reference = { secretNames: ["regcred"], servers: ["registry.example.com"] };

/** An Output that rejects after some time, as one of a secret store that can't be reached. */
const rejected = () =>
  pulumi.output(new Promise((_, reject) => setTimeout(() => reject(new Error("vault is down")), 50)));
const later = (value) => pulumi.output(new Promise((resolve) => setTimeout(() => resolve(value), 50)));

/** As many as COUNT; what is given makes the first one another. */
const each = (first, make) =>
  Array.from({ length: Number(count) }, (_, index) => make(`d${index}`, index === 0 ? first : {}));
const workloads = (args, first) => {
  const deployments = Object.fromEntries(each(first, (name, own) => [name, { image, ...own }]));
  return new PrivateWorkloads("w", { namespace: "shop", registries: [login], deployments, ...args }, opts);
};
const secret = (args) => new ImagePullSecret("s", { namespace: "shop", registries: [login], ...args }, opts);
const deployments = (first) =>
  each(first, (name, own) => new PrivateDeployment(name, { pullSecrets: [reference], image, ...own }, opts));
const pods = (podSpecs) => each({}, (name) => new k8s.core.v1.Pod(name, { spec: podSpecs }, opts));
const podSpec = { containers: [{ name: "web", image }] };
const transformed = (pullSecret, namespace) => {
  const transforms = [functions.pullSecretTransform(pullSecret)];
  return each(
    {},
    (name) => new k8s.core.v1.Pod(name, { metadata: { namespace }, spec: podSpec }, { ...opts, transforms }),
  );
};

const programs = {
  sound: () => workloads(),
  "a wrong password": () => workloads({ registries: [{ ...login, password: pulumi.secret("a\nb") }] }),
  "a password that rejects": () => workloads({ registries: [{ ...login, password: rejected() }] }),
  "a config.json that rejects": () => workloads({ registries: undefined, dockerConfigJson: rejected() }),
  "a config.json of a megabyte that is wrong": () => {
    const auths = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`r${index}.io`, {}]));
    workloads({ registries: undefined, dockerConfigJson: later(JSON.stringify({ auths })) });
  },
  "a token that is none": () =>
    workloads({ registries: [{ server: "registry.example.com", ecrToken: later("pw-One1-Two2") }] }),
  "no logins at all": () => workloads({ registries: undefined }),
  "a namespace that rejects": () => workloads({ namespace: rejected() }),
  "an image that rejects": () => workloads({}, { image: rejected() }),
  "an image that is not served": () => workloads({}, { image: later("quay.io/a:1") }),
  "a variable that rejects": () => workloads({}, { env: { TOKEN: rejected() } }),
  "a podSpec that rejects": () => workloads({}, { podSpec: { nodeName: rejected() } }),
  "extra pull secrets that reject": () => workloads({ extraPullSecrets: rejected() }),
  "an unknown rotation": () => workloads({ rotation: "sometimes" }),
  "a preset that is given a wrong key": () =>
    workloads({
      registries: [
        pulumi
          .secret("k")
          .apply((secretKey) =>
            functions.registryPresets.huaweiSwr({ region: "cn-north-4", accessKey: "AK 1", secretKey }),
          ),
      ],
    }),
  "labels that reject": () => secret({ labels: rejected() }),
  "annotations that can't be read": () =>
    secret({
      annotations: later({
        get note() {
          throw new Error("vault is down");
        },
      }),
    }),
  "pull secrets that reject": () => deployments({ pullSecrets: rejected() }),
  "replicas that are negative": () => deployments({ replicas: later(-1) }),
  "withPullSecrets, a pod spec that rejects": () => pods(functions.withPullSecrets(rejected(), reference)),
  "withPullSecrets, a reference that rejects": () => pods(functions.withPullSecrets(podSpec, rejected())),
  "the transform, references that reject": () =>
    transformed({ references: rejected(), namespaces: { default: "shop" } }, "shop"),
  "the transform, a namespace without a Secret": () =>
    transformed({ references: { default: reference }, namespaces: { default: "shop" } }, "other"),
  "a function of the package that throws in apply": () =>
    pods(
      later("a b").apply((text) => ({
        containers: [{ name: "web", image: functions.parseImageReference(text).path }],
      })),
    ),
};
programs[failure]();
