import { askedOf, fieldManagerOf, idOf, toState } from "./checkpoint";
import { compare } from "./diff";
import { logStatus, logWarning } from "./engineLog";
import { randomHex, withName } from "./naming";
import { normalize } from "./normalize";
import { refuse, type Resource, type ResourceProvider, serveProvider } from "./provider";
import { removeRendered, render, renderPath } from "./render";
import { fieldsThatReplace, mustDeleteBeforeReplace } from "./replacement";
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

const renderSetting = "renderYamlToDirectory";
const rendersOnly =
  "the offline stand-in renders YAML only (renderYamlToDirectory): for a cluster, install the official plugin " +
  "(`pulumi plugin install resource kubernetes`), or build it and put it on PATH: " +
  'export PATH="$(offline/kubernetes/build.sh):$PATH".';

let renderDirectory = "";
let namespace = "";
let enableSecretMutable = false;

const provider: ResourceProvider = {
  packageName: "@pulumi/kubernetes",

  checkSettings(settings) {
    if (getString(settings, renderSetting) === "") {
      return [{ property: renderSetting, reason: rendersOnly }];
    }
    return ["cluster", "context", "kubeconfig"]
      .filter((property) => getString(settings, property) !== "")
      .map((property) => ({
        property,
        reason: `"${property}" arg is not compatible with "${renderSetting}" arg`,
      }));
  },

  settingsThatReplace(oldSettings, newSettings) {
    return oldSettings[renderSetting] === newSettings[renderSetting] ? [] : [renderSetting];
  },

  configure(settings) {
    const setting = (name: string): string => settings.get(`kubernetes:config:${name}`) ?? "";
    renderDirectory = setting(renderSetting);
    enableSecretMutable =
      (setting("enableSecretMutable") || process.env["PULUMI_K8S_ENABLE_SECRET_MUTABLE"]) === "true";
    namespace = setting("namespace");
    if (renderDirectory === "") {
      throw new Error(rendersOnly);
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
    if (containsSecret(inputs)) {
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

  async create(resource, inputs, isPreview) {
    if (isPreview) {
      return { id: "", state: inputs };
    }
    const fieldManager = `pulumi-kubernetes-${randomHex()}`;
    return { id: idOf(revealProperties(inputs)), state: await put(resource, inputs, fieldManager) };
  },

  read(state) {
    if (getString(state, "kind") === "") {
      refuse("import from rendered YAML");
    }
  },

  async update(resource, oldState, newInputs, isPreview) {
    return isPreview ? newInputs : put(resource, newInputs, fieldManagerOf(oldState));
  },

  async delete(state) {
    await removeRendered(renderDirectory, revealProperties(state));
  },
};

/** Renders an object and returns its new state. */
async function put(resource: Resource, inputs: Properties, fieldManager: string): Promise<Properties> {
  const asked = revealProperties(inputs);
  await render(renderDirectory, asked);
  logStatus(resource.urn, `rendered ${renderPath(renderDirectory, asked)}`);
  return toState(asked, inputs, fieldManager);
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

serveProvider(provider);
