import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  encodeDockerConfigJson,
  ImagePullSecret,
  PrivateDeployment,
  pullSecretTransform,
} from "../../components";
import { writeChart } from "../support/engine/chart";
import {
  createEngineStack,
  type EngineRun,
  type EngineStack,
  failureOf,
  messages,
  stateText,
} from "../support/engine/engine";
import { packPackage } from "../support/languages/consumer";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";
import { leaksIn, leaksInRun } from "../support/secrets/leaks";

const server = "www.3rdregistry.com";
const secrets = { username: "c4n4ry-jane-doe", password: "c4n4ry-Pa55wörd-of-jane" };
const login = { server, ...secrets };
const image = `${server}/janedoe/reports:v2`;
const path = "spec.template.spec.containers[0].image";
const servedImages = "Each image needs a login in a pull Secret that its pods list.";
const uncheckedImages = "The images that served-images can't check.";
const noLogin = `${path}: "${image}" is pulled without a login: neither the pod nor its ServiceAccount "default" lists a pull Secret. List one that has a login for it, or name its server in \`serversWithoutSecret\` if it needs none.`;

const modules = resolve(__dirname, "../../node_modules");

// As a user runs it: what npm delivers, by the real CLI.
describe("the policy pack", () => {
  const directory = temporaryDirectory();
  const installed = join(directory.path, "node_modules");
  const policyPacks = [join(installed, "kubernetes-private-registry/policy")];
  let stack: EngineStack;

  before(() => {
    const folder = join(installed, "kubernetes-private-registry");
    mkdirSync(folder, { recursive: true });
    execFileSync("tar", ["-xzf", packPackage(directory.path), "--strip-components=1", "-C", folder]);
    for (const needed of ["@pulumi", "fastest-levenshtein"]) {
      symlinkSync(join(modules, needed), join(installed, needed));
    }
  });

  after(() => directory.stop());

  beforeEach(async () => {
    stack = await createEngineStack();
    writeChart(stack.directory);
  });

  afterEach(() => {
    stack.remove();
  });

  /** What the policies say, each as `level policy resource: description, message`. */
  function findings(run: EngineRun): string[] {
    return run.events
      .map((event) => event.policyEvent)
      .filter((event) => event !== undefined)
      .map(({ enforcementLevel, policyName, resourceUrn = "", message }) => {
        const text = message.replace(/<\{%.*?%\}>/g, "").trimEnd();
        return `${enforcementLevel} ${policyName} ${resourceUrn.split("::").slice(3).join("::")}: ${text}`;
      })
      .toSorted();
  }

  /** The flags for the pack with a configuration of its policies. */
  function withConfig(config: object): { policyPacks: string[]; policyPackConfigs: string[] } {
    const file = join(stack.directory, "policy.json");
    writeFileSync(file, JSON.stringify(config));
    return { policyPacks, policyPackConfigs: [file] };
  }

  /** A program whose objects are rendered. */
  function program(make: (opts: pulumi.ComponentResourceOptions) => void): PulumiFn {
    return () => {
      const directory = join(stack.directory, "manifests");
      make({ providers: [new k8s.Provider("render", { renderYamlToDirectory: directory })] });
      return Promise.resolve();
    };
  }

  function chart(opts: pulumi.ComponentResourceOptions, values: pulumi.Inputs = {}): void {
    new k8s.helm.v4.Chart(
      "vendor",
      { chart: join(stack.directory, "chart"), namespace: "shop", values },
      opts,
    );
  }

  function pullSecret(opts: pulumi.ComponentResourceOptions): ImagePullSecret {
    return new ImagePullSecret("login", { registries: [login], namespace: "shop" }, opts);
  }

  function custom({ providers }: pulumi.ComponentResourceOptions): pulumi.CustomResourceOptions {
    return { provider: (providers as pulumi.ProviderResource[])[0] };
  }

  const anonymousChart = program((opts) => {
    chart(opts);
  });

  it("passes when a Secret serves each image of our components and of a Helm chart", async () => {
    const served = program((opts) => {
      const secret = pullSecret(opts);
      new PrivateDeployment(
        "app",
        { namespace: "shop", pullSecrets: [secret.reference], image: `${server}/janedoe/app:v1` },
        opts,
      );
      chart({ ...opts, transforms: [pullSecretTransform(secret)] });
    });
    const unknown = (image: string): string =>
      `${path}: "${image}" can't be checked: its pull Secrets are not known yet. A pull Secret of its namespace, whose name is not known yet, has a login for it.`;
    const run = await stack.preview(served, { policyPacks });
    assert.deepEqual(findings(run), [
      `advisory unchecked-images app: ${uncheckedImages}\n${unknown(`${server}/janedoe/app:v1`)}`,
      `advisory unchecked-images vendor:shop/reports: ${uncheckedImages}\n${unknown(image)}`,
    ]);
    const up = await stack.up(served, { policyPacks });
    assert.deepEqual(findings(up), []);
    assert.match(up.stdout, /✅ kubernetes-private-registry@v\d/);
    assert.deepEqual([...leaksInRun(run, secrets), ...leaksInRun(up, secrets)], []);
    assert.deepEqual(leaksIn(stateText(stack), secrets), []);
  });

  it("fails the preview of a Helm chart whose image has no login, and says why", async () => {
    const failed = await failureOf(stack.preview(anonymousChart, { policyPacks }));
    assert.deepEqual(findings(failed), [
      `mandatory served-images vendor:shop/reports: ${servedImages}\n${noLogin}`,
    ]);
    assert.deepEqual(messages(failed, "error"), ["preview failed"]);
  });

  it("only warns where it is advisory, and says nothing where it is disabled", async () => {
    const advisory = withConfig({ "served-images": { enforcementLevel: "advisory" } });
    assert.deepEqual(findings(await stack.preview(anonymousChart, advisory)), [
      `advisory served-images vendor:shop/reports: ${servedImages}\n${noLogin}`,
    ]);
    const disabled = withConfig({ "served-images": "disabled" });
    assert.deepEqual(findings(await stack.preview(anonymousChart, disabled)), []);
  });

  it("names the Secret that the chart does not list", async () => {
    const unlisted = program((opts) => {
      pullSecret(opts);
      chart(opts);
    });
    const [finding, ...others] = findings(await failureOf(stack.preview(unlisted, { policyPacks })));
    assert.deepEqual(others, []);
    assert.equal(
      finding,
      `mandatory served-images vendor:shop/reports: ${servedImages}\n${path}: "${image}" is pulled without a login: neither the pod nor its ServiceAccount "default" lists a pull Secret. A pull Secret of its namespace, whose name is not known yet, has a login for it.`,
    );
  });

  it("takes the pull Secrets of the ServiceAccount", async () => {
    const byAccount = program((opts) => {
      const metadata = { name: "regcred", namespace: "shop" };
      const text = pulumi.secret(encodeDockerConfigJson([login]));
      const type = "kubernetes.io/dockerconfigjson";
      const stringData = { ".dockerconfigjson": text };
      new k8s.core.v1.Secret("regcred", { metadata, type, stringData }, custom(opts));
      new k8s.core.v1.ServiceAccount(
        "default",
        { metadata: { ...metadata, name: "default" }, imagePullSecrets: [{ name: "regcred" }] },
        custom(opts),
      );
      chart(opts);
    });
    const run = await stack.preview(byAccount, { policyPacks });
    assert.deepEqual(findings(run), []);
    assert.deepEqual(leaksInRun(run, secrets), []);
  });

  it("needs no Secret for serversWithoutSecret, whose servers must be able to match an image", async () => {
    const free = withConfig({ "served-images": { serversWithoutSecret: [server] } });
    assert.deepEqual(findings(await stack.preview(anonymousChart, free)), []);
    const wrong = withConfig({ "served-images": { serversWithoutSecret: [server, "ftp://registry"] } });
    assert.deepEqual(findings(await failureOf(stack.preview(anonymousChart, wrong))), [
      `mandatory served-images engine-test-test: ${servedImages}\nserversWithoutSecret[1]: "ftp://registry" has a scheme that kubelet does not know: write the host alone, or https:// before it.`,
    ]);
  });

  it("goes on at images and Secrets that nobody can read, and shows no login", async () => {
    // The engine itself prints what stands in a plain property.
    const inImage = { username: "c4n4ry-john-doe", password: "c4n4ry-pa55-of-john" };
    const hostile = program((opts) => {
      const secret = (name: string, text: pulumi.Input<string>, type: string): void => {
        const metadata = { name, namespace: "shop" };
        const data = { ".dockerconfigjson": text };
        new k8s.core.v1.Secret(name, { metadata, type, data }, custom(opts));
      };
      const hidden = (text: string): pulumi.Output<string> =>
        pulumi.secret(Buffer.from(text).toString("base64"));
      const type = "kubernetes.io/dockerconfigjson";
      secret("not-json", hidden(`${secrets.username}:${secrets.password}`), type);
      secret("not-base64", pulumi.secret(`!${secrets.password}!`), type);
      secret("opaque", hidden(encodeDockerConfigJson([login])), "Opaque");
      secret(
        "odd-server",
        hidden(
          JSON.stringify({ auths: { [`https://${secrets.username}:${secrets.password}@${server}`]: login } }),
        ),
        type,
      );
      const deployment = (name: string, podSpec: object): void => {
        const labels = { app: name };
        const template = { metadata: { labels }, spec: podSpec as k8s.types.input.core.v1.PodSpec };
        const spec = { selector: { matchLabels: labels }, template };
        new k8s.apps.v1.Deployment(name, { metadata: { name, namespace: "shop" }, spec }, custom(opts));
      };
      const containers = [{ name: "app", image }];
      for (const name of ["not-json", "not-base64", "opaque", "odd-server"]) {
        deployment(`with-${name}`, { containers, imagePullSecrets: [{ name }] });
      }
      deployment("login-in-image", {
        containers: [{ name: "app", image: `${inImage.username}:${inImage.password}@${server}/app` }],
      });
      deployment("odd-shapes", { containers: "app", volumes: { image: 1 }, imagePullSecrets: "regcred" });
    });
    const run = await failureOf(stack.preview(hostile, { policyPacks }));
    assert.deepEqual(messages(run, "error"), ["preview failed"]);
    const remedy =
      "Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.";
    const unreadable = (name: string): string =>
      `"${image}" can't be pulled, since kubelet can't read the pull Secret "${name}": docker config is not JSON: give the text of a Docker config.json.`;
    const expected = {
      "login-in-image": `"...@${server}/app" is not an image reference: after the "@" comes sha256:, sha384: or sha512: and 64, 96 or 128 lower-case hexadecimal digits.`,
      "with-not-base64": unreadable("not-base64"),
      "with-not-json": unreadable("not-json"),
      "with-odd-server": `No server matches "${image}"; the nearest, "...@${server}", does not: kubelet can't read it. ${remedy} Its pull Secrets: odd-server.`,
      "with-opaque": `No server matches "${image}"; there is none. ${remedy} Its pull Secrets: opaque. Kubelet ignores "opaque": a pull Secret has the type kubernetes.io/dockerconfigjson and the key .dockerconfigjson.`,
    };
    assert.deepEqual(
      findings(run),
      Object.entries(expected).map(
        ([name, reason]) => `mandatory served-images ${name}: ${servedImages}\n${path}: ${reason}`,
      ),
    );
    assert.deepEqual(leaksInRun(run, secrets), []);
    assert.deepEqual(leaksIn(findings(run).join(), inImage), []);
  });
});
