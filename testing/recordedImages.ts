import { podImages } from "../components/lib/podImages";
import { type Problem, quote } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import { imagesNotKnown } from "../components/lib/served/imagesNotKnown";
import { type Known, notKnown, textAt, valueAt } from "../components/lib/served/known";
import { isPullObject, type KubernetesObject, readPullObjects } from "../components/lib/served/pullObjects";
import { unservedImages } from "../components/lib/served/servedImages";
import { transformedKind } from "../components/lib/workloadKinds";
import { failedComponents } from "./failedComponents";
import { plainInputs, type RecordedResource, withMissing } from "./recordedResource";

const howToName =
  "have newResource return a name in its state: { ...args.inputs, metadata: { name: args.name, ...args.inputs.metadata } }";

const advice = {
  unserved: "",
  elsewhere: " If it is made elsewhere, name the server in `serversWithoutSecret`.",
  notKnown: ` Run the mocks without \`preview\`, and let newResource return what it is made from. For a Secret without a metadata.name, ${howToName}.`,
};

/** Why the images of a program's workloads can't be pulled with the pull Secrets that their pods or ServiceAccounts list. */
export function recordedImageProblems(
  recorded: readonly RecordedResource[],
  serversWithoutSecret: readonly string[],
): { workloads: number; problems: Problem[] } {
  const resources = recorded.map((resource) => ({ ...resource, inputs: plainInputs(resource.inputs) }));
  const objects = resources.filter(isPullObject).map((resource) => objectOf(resource, resources));
  const clusters = [...new Set(objects.map(({ cluster }) => cluster))];
  const read = clusters.map((own) => readPullObjects(objects.filter(({ cluster }) => cluster === own)));
  const unserved = read.flatMap((ofCluster) =>
    unservedImages({
      ...ofCluster,
      serversWithoutSecret,
      scope: clusters.length > 1 ? "what the program makes with the same provider" : "the program",
    }),
  );
  const workloads = read.flatMap((ofCluster) => ofCluster.workloads);
  const areEmpty = workloads.filter(
    ({ podSpec }) => podImages(podSpec).length === 0 && imagesNotKnown(podSpec).length === 0,
  );
  const empty = areEmpty.filter(({ source }) => transformedKind(source.type)?.isPatch !== true);
  const problems = [
    ...failedComponents(resources),
    ...namelessNamespaces(resources, read.flatMap(namespacesOf)),
    ...empty.map(({ source, path }) => ({
      path: `${titleOf(source)} ${path}`,
      reason: `No image is known.${advice.notKnown}`,
    })),
    ...unserved.map(({ workload, path, reason, kind }) => ({
      path: `${titleOf(workload.source)} ${[workload.path, path].filter((part) => part !== "").join(".")}`,
      reason: reason + advice[kind],
    })),
  ];
  return { workloads: workloads.length - areEmpty.length + empty.length, problems };
}

function titleOf({ type, name }: Pick<RecordedResource, "type" | "name">): string {
  return `${type.split(":").at(-1) ?? ""} ${quote(name)}`;
}

interface ObjectOfCluster extends KubernetesObject {
  name: string;
  cluster: string;
}

function objectOf(
  { type, name, inputs, provider = "" }: RecordedResource,
  resources: readonly RecordedResource[],
): ObjectOfCluster {
  const settings = settingsOf(provider, resources);
  const [kubeconfig, context] = [textAt(settings, ["kubeconfig"]), textAt(settings, ["context"])];
  // Two providers are of one cluster if that is plain to see.
  const isPlainToSee = typeof kubeconfig === "string" || typeof context === "string";
  const isPatch = transformedKind(type)?.isPatch ?? false;
  return {
    type,
    name,
    props: named(isPatch ? inputs : withMissing(inputs), type, name),
    defaultNamespace: textAt(settings, ["namespace"]),
    cluster: isPlainToSee
      ? JSON.stringify([kubeconfig, context, textAt(settings, ["cluster"])].map(String))
      : provider,
  };
}

function settingsOf(provider: string, resources: readonly RecordedResource[]): unknown {
  const providerName = provider.split("::").at(-2);
  return resources.find(({ type, name }) => type === "pulumi:providers:kubernetes" && name === providerName)
    ?.inputs;
}

/** An object without a name goes by that of its resource. */
function named(props: unknown, type: string, name: string): unknown {
  const metadata = valueAt(props, ["metadata"]);
  return type.endsWith("List") || !isObject(props) || metadata === notKnown
    ? props
    : { ...props, metadata: { name, ...(isObject(metadata) ? metadata : {}) } };
}

function namespacesOf({ workloads, secrets }: ReturnType<typeof readPullObjects>): Known<string>[] {
  return [...workloads, ...secrets].map(({ namespace }) => namespace);
}

/** What is in a Namespace whose name the mocks don't know looks like what is in the provider's. */
function namelessNamespaces(
  resources: readonly RecordedResource[],
  used: readonly Known<string>[],
): Problem[] {
  return resources
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .filter(({ inputs }) => textAt(inputs, ["metadata", "name"]) === undefined)
    .filter(({ name }) => used.includes("") && !used.includes(name))
    .map((namespace) => ({
      path: titleOf(namespace),
      reason: `has no name, so that what is in it can't be told from what is in the provider's namespace: give it a metadata.name, or ${howToName}.`,
    }));
}
