import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { SettingFailure } from "./provider";
import { get, getString, type Properties, unknown, type Value } from "./values";

/** Finds the settings that contradict each other. */
export function checkSettings(settings: Properties): SettingFailure[] {
  if (getString(settings, "renderYamlToDirectory") === "") {
    return [];
  }
  return ["cluster", "context", "kubeconfig"]
    .filter((property) => !["", process.env["KUBECONFIG"]].includes(getString(settings, property)))
    .map((property) => ({
      property,
      reason: `"${property}" arg is not compatible with "renderYamlToDirectory" arg`,
    }));
}

/** Names the changed settings that replace the provider, and with it all that it made. */
export function settingsThatReplace(oldSettings: Properties, newSettings: Properties): string[] {
  const cluster = ["kubeconfig", "context", "cluster"].filter(
    (key) => !isDeepStrictEqual(oldSettings[key], newSettings[key]),
  );
  const otherCluster =
    cluster.some((key) => newSettings[key] === unknown) ||
    !isDeepStrictEqual(activeCluster(oldSettings), activeCluster(newSettings));
  const directory = "renderYamlToDirectory";
  return [
    ...(otherCluster ? cluster : []),
    ...(oldSettings[directory] === newSettings[directory] ? [] : [directory]),
  ];
}

/** The flags with which kubectl reaches the provider's cluster. */
export function kubectlFlags(kubeconfig: string, context: string): string[] {
  return [
    ...(kubeconfig === "" ? [] : ["--kubeconfig", kubeconfigFile(kubeconfig)]),
    ...(context === "" ? [] : ["--context", context]),
  ];
}

function activeCluster(settings: Properties): Value | undefined {
  const kubeconfig = getString(settings, "kubeconfig");
  const config = kubeconfig === "" ? {} : (parse(readKubeconfig(kubeconfig)) as Value);
  const contextName = getString(settings, "context") || getString(config, "current-context");
  const clusterName =
    getString(settings, "cluster") || getString(named(config, "contexts", contextName), "context", "cluster");
  return get(named(config, "clusters", clusterName), "cluster");
}

function named(config: Value, list: string, name: string): Value | undefined {
  const entries = get(config, list);
  return Array.isArray(entries) ? entries.find((entry) => getString(entry, "name") === name) : undefined;
}

/** The text of a kubeconfig that is given as a path or as the text itself. */
function readKubeconfig(pathOrText: string): string {
  const path = kubeconfigPath(pathOrText);
  return path === undefined ? pathOrText : readFileSync(path, "utf8");
}

function kubeconfigPath(pathOrText: string): string | undefined {
  const path = pathOrText.replace(/^~(?=\/|$)/, homedir());
  return !path.includes("\n") && statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? path
    : undefined;
}

/** The path of a kubeconfig; a text is written where only its owner can read it, for as long as the plugin runs. */
function kubeconfigFile(pathOrText: string): string {
  const path = kubeconfigPath(pathOrText);
  if (path !== undefined) {
    return path;
  }
  const directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  process.once("exit", () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const file = join(directory, "kubeconfig");
  writeFileSync(file, pathOrText, { mode: 0o600 });
  return file;
}
