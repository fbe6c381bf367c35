import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { engineEnvironment } from "./engine";
import { median, progress } from "./measure";
import type { Usage } from "./reportUsage";

const yaml = (source: string): string => `
name: bench
runtime: yaml
packages:
  kubernetes-private-registry: ${source}
resources:
  login:
    type: kubernetes-private-registry:ImagePullSecret
    properties:
      namespace: shop
      registries:
        - { server: registry.example.com, username: puller, password: c4n4ry }
  web:
    type: kubernetes-private-registry:PrivateDeployment
    properties:
      namespace: shop
      pullSecrets: ["\${login.reference}"]
      servers: \${login.servers}
      image: registry.example.com/shop/web:v1
`;

const typescript = `
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const auth = Buffer.from("puller:c4n4ry").toString("base64");
const json = JSON.stringify({ auths: { "registry.example.com": { username: "puller", password: "c4n4ry", auth } } });
const version = new random.RandomId("login", { byteLength: 4, keepers: { json: pulumi.secret(json) } });
const secret = new k8s.core.v1.Secret("login", {
  metadata: { name: pulumi.interpolate\`login-\${version.hex}\`, namespace: "shop" },
  type: "kubernetes.io/dockerconfigjson",
  data: pulumi.secret({ ".dockerconfigjson": Buffer.from(json).toString("base64") }),
  immutable: true,
});
const labels = { "app.kubernetes.io/name": "web" };
new k8s.apps.v1.Deployment("web", {
  metadata: { name: "web", namespace: "shop", labels },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        imagePullSecrets: [{ name: secret.metadata.name }],
        containers: [{ name: "web", image: "registry.example.com/shop/web:v1" }],
      },
    },
  },
});
`;

interface Preview extends Usage {
  /** The types of the Kubernetes and random resources that would be created. */
  made: string[];
}

/**
 * The cost of the plugin: of all processes that the preview of a YAML program starts, less that of a TypeScript program with
 * the same plain resources.
 */
export function comparePlugin(pairs: number): Usage {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", 2, 2] });
  const root = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const sides = {
      yaml: projectIn(join(root, "yaml"), { "Pulumi.yaml": yaml(resolve(".")) }),
      typescript: projectIn(join(root, "typescript"), {
        "Pulumi.yaml": "name: bench\nruntime: nodejs\n",
        "package.json": '{ "name": "bench", "private": true, "main": "index.ts" }',
        "index.ts": typescript,
      }),
    };
    const all = Array.from({ length: pairs }, (_, pair) => {
      const order = pair % 2 === 0 ? (["yaml", "typescript"] as const) : (["typescript", "yaml"] as const);
      const measured = new Map(order.map((side) => [side, sides[side]()]));
      const [ours, theirs] = [measured.get("yaml"), measured.get("typescript")];
      if (ours === undefined || theirs === undefined || ours.made.join() !== theirs.made.join()) {
        throw new Error("plugin: the two programs do not make the same resources");
      }
      progress(`plugin, pair ${pair + 1}: ${shown(ours)}, TypeScript ${shown(theirs)}`);
      return { seconds: ours.seconds - theirs.seconds, megabytes: ours.megabytes - theirs.megabytes };
    });
    return {
      seconds: median(all.map(({ seconds }) => seconds)),
      megabytes: median(all.map(({ megabytes }) => megabytes)),
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Creates a project with a stack, and returns a function that previews it. */
function projectIn(folder: string, files: Record<string, string>): () => Preview {
  const usage = join(folder, "usage");
  const state = join(folder, "state");
  for (const path of [folder, usage, state]) {
    mkdirSync(path);
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(folder, file), text);
  }
  const env = {
    ...engineEnvironment(state),
    BENCH_USAGE: usage,
    NODE_OPTIONS: `--require=${require.resolve("./reportUsage")}`,
  };
  const pulumi = (...args: string[]): string =>
    execFileSync("offline/languages/with-hosts", ["pulumi", "--cwd", folder, "--non-interactive", ...args], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  pulumi("stack", "init", "bench");
  pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
  return () => {
    const printed = pulumi("preview", "--json", "--stack", "bench");
    const { steps } = JSON.parse(printed) as { steps: { newState: { type: string } }[] };
    const processes = readdirSync(usage).map(
      (file) => JSON.parse(readFileSync(join(usage, file), "utf8")) as Usage,
    );
    rmSync(usage, { recursive: true });
    mkdirSync(usage);
    const made = steps
      .map(({ newState }) => newState.type)
      .filter((type) => /^(kubernetes|random):/.test(type));
    return {
      seconds: processes.reduce((sum, { seconds }) => sum + seconds, 0),
      megabytes: processes.reduce((sum, { megabytes }) => sum + megabytes, 0),
      made: made.toSorted(),
    };
  };
}

function shown({ seconds, megabytes }: Preview): string {
  return `${seconds.toFixed(2)} s ${megabytes.toFixed(0)} MB`;
}
