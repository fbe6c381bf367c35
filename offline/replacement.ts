import { getString, type Properties } from "./values";

/**
 * The fields of each kind whose change replaces the object, by the official provider's rules. `*` is any element of a list.
 * A change of name or namespace always replaces it.
 */
const replacingFields: Record<string, string[]> = {
  DaemonSet: [".spec.selector"],
  Deployment: [".spec.selector"],
  Job: fields(".spec", "completions parallelism selector template"),
  Pod: [
    ...fields(
      ".spec",
      `affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork
      hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName
      readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName
      shareProcessNamespace subdomain terminationGracePeriodSeconds volumes`,
    ),
    ...[".spec.containers.*", ".spec.initContainers.*"].flatMap((container) =>
      fields(
        container,
        `args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext
        stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir`,
      ),
    ),
  ],
  Secret: [".type"],
  Service: [".spec.clusterIP"],
  StatefulSet: fields(
    ".spec",
    "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates",
  ),
};

const identity = fields(".metadata", "name namespace");

/** What the rules need to know besides the object. */
export interface ReplacementSettings {
  readonly isPatch: boolean;
  readonly enableSecretMutable: boolean;
}

/** The fields of this object whose change replaces it. */
export function fieldsThatReplace(object: Properties, settings: ReplacementSettings): string[] {
  const kind = getString(object, "kind");
  if (settings.isPatch) {
    return identity;
  }
  if (kind === "Secret" && (!settings.enableSecretMutable || object["immutable"] === true)) {
    return [...identity, ".type", ".stringData", ".data"];
  }
  return [...identity, ...(replacingFields[kind] ?? [])];
}

/** Whether the old object must be deleted before the new one is created: both have the same name, given by the user. */
export function mustDeleteBeforeReplace(oldObject: Properties, newObject: Properties): boolean {
  const name = getString(newObject, "metadata", "name");
  return (
    name !== "" &&
    !isAutonamed(newObject) &&
    name === getString(oldObject, "metadata", "name") &&
    namespaceOf(newObject) === namespaceOf(oldObject)
  );
}

export function isAutonamed(object: Properties): boolean {
  return getString(object, "metadata", "annotations", "pulumi.com/autonamed") === "true";
}

function namespaceOf(object: Properties): string {
  return getString(object, "metadata", "namespace") || "default";
}

function fields(parent: string, names: string): string[] {
  return names.split(/\s+/).map((name) => `${parent}.${name}`);
}
