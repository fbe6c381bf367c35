import { askedOf, fieldManagerOf, identityOf, idOf, importedInputs, toState } from "./checkpoint";
import { checkSettings, kubectlFlags, settingsThatReplace } from "./clusterConfig";
import { compare } from "./diff";
import { logStatus, logWarning } from "./engineLog";
import { apply, type Cluster, defaultNamespace, find, remove, takeOver } from "./kubectl";
import { randomHex, withName } from "./naming";
import { normalize, pick } from "./normalize";
import {
  InitializationFailure,
  refuse,
  type Resource,
  type ResourceProvider,
  serveProvider,
} from "./provider";
import { removeRendered, render, renderPath } from "./render";
import { fieldsThatReplace, mustDeleteBeforeReplace } from "./replacement";
import { assertReady, awaitReady, NotReadyError, timeoutOf } from "./rollout";
import {
  containsSecret,
  getString,
  isProperties,
  markSecrets,
  type Properties,
  revealProperties,
} from "./values";

const supportedTypes = [
  "apps/v1:DaemonSet",
  "apps/v1:Deployment",
  "apps/v1:StatefulSet",
  "batch/v1:CronJob",
  "batch/v1:Job",
  "core/v1:Namespace",
  "core/v1:Pod",
  "core/v1:Secret",
  "core/v1:Service",
  "core/v1:ServiceAccount",
  "core/v1:ServiceAccountPatch",
].map((type) => `kubernetes:${type}`);

const cancellation = new AbortController();

/** What the provider is configured to do: write files into a folder, or work on a cluster. */
let renderDirectory = "";
let cluster: Cluster = { flags: [], cancelled: cancellation.signal };
let namespace = "";
let enableSecretMutable = false;

const provider: ResourceProvider = {
  packageName: "@pulumi/kubernetes",
  checkSettings,
  settingsThatReplace,

  async configure(settings) {
    const setting = (name: string): string => settings.get(`kubernetes:config:${name}`) ?? "";
    renderDirectory = setting("renderYamlToDirectory");
    enableSecretMutable =
      (setting("enableSecretMutable") || process.env["PULUMI_K8S_ENABLE_SECRET_MUTABLE"]) === "true";
    namespace = setting("namespace");
    if (renderDirectory === "") {
      const flags = kubectlFlags(setting("kubeconfig"), setting("context"));
      cluster = { ...cluster, flags };
      namespace ||= await defaultNamespace(cluster);
    }
  },

  check(resource, oldInputs, newInputs, autonaming) {
    if (!supportedTypes.includes(resource.type)) {
      refuse(`the resource type ${resource.type}`);
    }
    const object = normalize(revealProperties(newInputs));
    if (isPatch(resource) && getString(object, "metadata", "name") === "") {
      throw new Error("patch resources require the `.metadata.name` field to be set");
    }
    const oldObject = revealProperties(oldInputs);
    const checked = withNamespace(withName(object, oldObject, resource.name, autonaming));
    const inputs = markSecrets(checked, newInputs);
    if (renderDirectory !== "" && containsSecret(inputs)) {
      logWarning(resource.urn, "rendered YAML will contain a secret value in plaintext");
    }
    return inputs;
  },

  diff(resource, oldState, newInputs) {
    const oldObject = askedOf(oldState);
    const newObject = normalize(revealProperties(newInputs));
    const settings = { isPatch: isPatch(resource), enableSecretMutable };
    const properties = compare(oldObject, newObject, fieldsThatReplace(newObject, settings));
    const isReplaced = [...properties.values()].some(({ replaces }) => replaces);
    return {
      properties,
      deleteBeforeReplace: isReplaced && mustDeleteBeforeReplace(oldObject, newObject),
    };
  },

  async create(resource, inputs, { isPreview, timeoutSeconds }) {
    if (isPreview) {
      return { id: "", state: inputs };
    }
    const object = revealProperties(inputs);
    if (renderDirectory === "" && !isPatch(resource) && (await find(cluster, object)) !== undefined) {
      throw new Error(
        `resource "${resource.urn}" was not successfully created by the Kubernetes API server: ` +
          `${getString(object, "kind")} "${idOf(object)}" already exists. To adopt it, set the resource option import.`,
      );
    }
    return {
      id: idOf(object),
      state: await put(resource, inputs, newFieldManager(), timeoutSeconds),
    };
  },

  async read(resource, id, state, inputs) {
    if (renderDirectory !== "") {
      return getString(state, "kind") === "" ? refuse("import from rendered YAML") : { id, state, inputs };
    }
    const live = await find(cluster, identityOf(resource, id));
    if (live === undefined) {
      return undefined;
    }
    const isImport = getString(inputs, "kind") === "";
    const asked = isImport ? importedInputs(live) : pick(live, revealProperties(inputs));
    const fieldManager = isImport ? newFieldManager() : fieldManagerOf(state);
    const found = {
      id,
      state: toState({ asked, live, inputs, fieldManager }),
      inputs: markSecrets(asked, inputs),
    };
    if (!isImport) {
      await assertReady(cluster, live).catch((error: unknown) => {
        throw new InitializationFailure(found, reasonsOf(error));
      });
    }
    return found;
  },

  async update(resource, oldState, newInputs, { isPreview, timeoutSeconds }) {
    if (isPreview) {
      return newInputs;
    }
    const fieldManager = fieldManagerOf(oldState);
    if (renderDirectory === "" && !isPatch(resource)) {
      await takeOver(cluster, revealProperties(newInputs), fieldManager);
    }
    return put(resource, newInputs, fieldManager, timeoutSeconds);
  },

  async delete(resource, state, { timeoutSeconds }) {
    const object = revealProperties(state);
    if (renderDirectory !== "") {
      await removeRendered(renderDirectory, object);
    } else if (isPatch(resource)) {
      const options = { fieldManager: fieldManagerOf(state), force: false };
      await apply(cluster, identityOf(resource, idOf(object)), options);
    } else {
      await remove(cluster, object, timeoutOf(object, timeoutSeconds));
    }
  },

  cancel() {
    cancellation.abort();
  },
};

/** Renders or applies an object, waits until it is ready, and returns its new state. */
async function put(
  resource: Resource,
  inputs: Properties,
  fieldManager: string,
  timeoutSeconds: number,
): Promise<Properties> {
  const asked = revealProperties(inputs);
  if (renderDirectory !== "") {
    await render(renderDirectory, asked);
    logStatus(resource.urn, `rendered ${renderPath(renderDirectory, asked)}`);
    return toState({ asked, live: asked, inputs, fieldManager });
  }
  const force = getString(asked, "metadata", "annotations", "pulumi.com/patchForce") === "true";
  const applied = await apply(cluster, asked, { fieldManager, force });
  try {
    const live = await awaitReady(cluster, applied, timeoutOf(asked, timeoutSeconds), (message) => {
      logStatus(resource.urn, message);
    });
    return toState({ asked, live, inputs, fieldManager });
  } catch (error) {
    const live = error instanceof NotReadyError ? error.object : applied;
    const [reason = "", ...problems] = reasonsOf(error);
    throw new InitializationFailure(
      { id: idOf(asked), state: toState({ asked, live, inputs, fieldManager }) },
      [
        `the Kubernetes API server reported that "${idOf(asked)}" failed to fully initialize or become live: ${reason}`,
        ...problems,
      ],
    );
  }
}

function reasonsOf(error: unknown): string[] {
  if (cancellation.signal.aborted) {
    return ["Resource operation was cancelled"];
  }
  const problems = error instanceof NotReadyError ? error.problems : [];
  return [error instanceof Error ? error.message : String(error), ...problems];
}

function withNamespace(object: Properties): Properties {
  const { metadata } = object;
  const isAbout = getString(object, "kind") !== "Namespace" && namespace !== "";
  return isAbout && isProperties(metadata) && getString(metadata, "namespace") === ""
    ? { ...object, metadata: { ...metadata, namespace } }
    : object;
}

function isPatch({ type }: Resource): boolean {
  return type.endsWith("Patch");
}

/** A new name under which the server records which fields are ours. */
function newFieldManager(): string {
  return `pulumi-kubernetes-${randomHex()}`;
}

serveProvider(provider);
