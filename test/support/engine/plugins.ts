import { execFileSync } from "node:child_process";
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");
const standIn = (plugin: string) => join(root, "offline/bin", `pulumi-${plugin}`);

/**
 * The plugin `kubernetes` of a test, whatever the machine has:
 *
 * - `official`: the installed one, else a build of its Go module. It renders as fast as the stand-in, everything and not
 *   only what the package makes. It finds no cluster.
 * - `cluster`: the same, with the cluster of KUBECONFIG.
 * - `stand-in`: the one of `offline/`, for tests of itself and of `make up` where the official one can't be had.
 */
export type KubernetesPlugin = "official" | "cluster" | "stand-in";

type Environment = Record<string, string>;

const environments: Partial<Record<KubernetesPlugin, Environment>> = {};

/** PATH and the variables with which the CLI, and `offline/with-pulumi`, find this plugin and no other. */
export function pluginEnvironment(kubernetes: KubernetesPlugin): Environment {
  return (environments[kubernetes] ??= environmentOf(kubernetes));
}

function environmentOf(kubernetes: KubernetesPlugin): Environment {
  const PULUMI_HOME = kubernetes === "stand-in" ? standInHome() : officialHome();
  const found = { PATH: machine().PATH, PULUMI_HOME, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" };
  if (kubernetes === "cluster") {
    return found;
  }
  // Also where it renders, the official plugin asks the cluster of the machine, if there is one.
  const KUBECONFIG = join(PULUMI_HOME, "kubeconfig");
  writeFileSync(KUBECONFIG, "apiVersion: v1\nkind: Config\n");
  return { ...found, KUBECONFIG };
}

/**
 * Run by mocha before all tests, none of which may take as long as a build of the official plugin does. `dist/` is built
 * here alone: several tests read it at a time.
 */
export function mochaGlobalSetup(): void {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  console.log(`The official Kubernetes plugin of these tests is ${officialKubernetes()}`);
}

function standInHome(): string {
  return pluginHome("stand-in", standIn("resource-kubernetes"), standIn("resource-random"));
}

function officialHome(): string {
  return pluginHome("official", officialKubernetes(), found("random") ?? standIn("resource-random"));
}

function officialKubernetes(): string {
  const installed = found("kubernetes");
  if (installed !== undefined && realpathSync(installed) !== realpathSync(standIn("resource-kubernetes"))) {
    return installed;
  }
  const build = execFileSync(join(root, "offline/kubernetes/build.sh"), {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return join(build.trim(), "pulumi-resource-kubernetes");
}

/** A home of Pulumi whose plugins are these. The CLI takes its own language host where it has one. */
function pluginHome(name: string, kubernetes: string, random: string): string {
  const home = join(root, "node_modules/.cache/test-plugins", name);
  const plugins = {
    "language-nodejs-v0.0.0": standIn("language-nodejs"),
    [versioned("kubernetes")]: kubernetes,
    [versioned("random")]: random,
  };
  for (const [plugin, file] of Object.entries(plugins)) {
    const folder = join(home, "plugins", plugin);
    mkdirSync(folder, { recursive: true });
    // Another process may be about to start the one that is there.
    const link = join(folder, `.${process.pid}`);
    symlinkSync(file, link);
    renameSync(link, join(folder, `pulumi-${plugin.replace(/-v[^-]*$/, "")}`));
  }
  return home;
}

/** The file of a plugin that the engine would take, if there is one. */
function found(name: string): string | undefined {
  const { PATH, PULUMI_HOME = join(homedir(), ".pulumi") } = machine();
  return [...PATH.split(delimiter), join(PULUMI_HOME, "plugins", versioned(name))]
    .map((folder) => join(folder, `pulumi-resource-${name}`))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A plugin's name in a home of Pulumi, with the version of its SDK here. */
function versioned(name: string): string {
  const manifest = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  return `resource-${name}-v${version}`;
}

let onMachine: { PATH: string; PULUMI_HOME?: string } | undefined;

/** What `offline/with-pulumi` finds on this machine, or makes or downloads. Tests choose what takes the place of the rest. */
function machine(): { PATH: string; PULUMI_HOME?: string } {
  const print = "const { PATH, PULUMI_HOME } = process.env; JSON.stringify({ PATH, PULUMI_HOME })";
  const withPulumi = '"$0" "$@" 2> >(grep --line-buffered --invert-match "^Offline:" >&2)';
  onMachine ??= JSON.parse(
    execFileSync(
      "bash",
      ["-c", withPulumi, join(root, "offline/with-pulumi"), process.execPath, "-p", print],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      },
    ),
  ) as { PATH: string; PULUMI_HOME?: string };
  return onMachine;
}
