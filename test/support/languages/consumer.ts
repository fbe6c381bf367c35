import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parse } from "yaml";
import { pluginEnvironment } from "../engine/plugins";

const root = resolve(__dirname, "../../..");

/** A Pulumi project outside of this repository that uses the package as npm would deliver it. */
export interface Consumer {
  readonly directory: string;
  /** The folder of the backend, for a second project that reads the stacks of this one. */
  readonly backend: string;
  /** Compiles the program, without output. */
  compile(): void;
  /** The rendered objects of one kind. */
  manifests(kind: string): Manifest[];
  /** Runs a Pulumi command on the project's stack, and returns what it writes to standard output. */
  pulumi(...args: string[]): string;
  /** Runs another command with the same environment, in the project's folder. */
  run(command: string, ...args: string[]): string;
  remove(): void;
}

/** A rendered object. */
export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
  spec?: {
    template?: { spec: { imagePullSecrets?: { name: string }[] } };
    jobTemplate?: { spec: { template: { spec: { imagePullSecrets?: { name: string }[] } } } };
  };
}

/** What `npm pack` delivers of `dist/` as it is built: the path of its tarball in a directory. */
export function packPackage(directory: string): string {
  const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", directory];
  execFileSync("npm", args, { cwd: root, stdio: "pipe" });
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  return join(directory, `kubernetes-private-registry-${version}.tgz`);
}

/**
 * Makes a project of a TypeScript program, which finds the package as an npm package with the dependencies and peers of this
 * repository. With `asPlugin` it finds none: Pulumi installs what is unpacked beside it, and what it needs. A program in YAML
 * or Java is one with `languageHosts`, and takes the package in no other way. `sdks` are the folders of more packages of
 * `@pulumi`.
 */
export function createConsumer(
  program: { folder: string } | { source: string },
  {
    backend,
    languageHosts = false,
    asPlugin = languageHosts,
    sdks = [],
  }: { backend?: string; languageHosts?: boolean; asPlugin?: boolean; sdks?: string[] } = {},
): Consumer {
  const directory = mkdtempSync(join(tmpdir(), "consumer-"));
  const unpacked = join(directory, "package");
  execFileSync("tar", ["-xzf", packPackage(directory), "-C", directory]);
  const project = join(directory, "project");
  const modules = join(project, "node_modules");
  const stateFolder = backend ?? directory;
  if ("folder" in program) {
    cpSync(program.folder, project, { recursive: true });
  } else {
    mkdirSync(project);
    writeFileSync(join(project, "index.ts"), program.source);
    writeFileSync(join(project, "Pulumi.yaml"), "name: consumer\nruntime: nodejs\n");
  }
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  for (const name of ["@types", "typescript"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
  const ours = join(root, "node_modules/@pulumi");
  for (const folder of [...readdirSync(ours).map((name) => join(ours, name)), ...sdks]) {
    symlinkSync(folder, join(modules, "@pulumi", basename(folder)), "dir");
  }
  if (!asPlugin) {
    symlinkSync(join(root, "node_modules"), join(unpacked, "node_modules"), "dir");
    symlinkSync(unpacked, join(modules, "kubernetes-private-registry"), "dir");
  }
  const env = {
    ...process.env,
    ...pluginEnvironment("official"),
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE: "consumer-test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    npm_config_prefer_offline: "true",
  };
  const run = (...command: string[]): string =>
    execFileSync(join(root, "offline/with-pulumi"), command, {
      cwd: project,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const pulumi = [...(languageHosts ? [join(root, "offline/languages/with-hosts")] : []), "pulumi"];
  return {
    directory: project,
    backend: stateFolder,
    compile: () => {
      execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", project], {
        stdio: "pipe",
      });
    },
    manifests: (kind) => {
      const folder = join(project, "manifests/1-manifest");
      return readdirSync(folder)
        .map((file) => parse(readFileSync(join(folder, file), "utf8")) as Manifest)
        .filter((manifest) => manifest.kind === kind);
    },
    pulumi: (...args) => run(...pulumi, ...args, "--non-interactive"),
    run,
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
