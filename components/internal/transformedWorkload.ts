import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { pullSecretProblems } from "../lib/podImages";
import { addedPullSecrets, neededPullSecret } from "../lib/podTemplates";
import type { Problem } from "../lib/problems";
import { ownMember } from "../lib/records";
import { unchangeablePodWarning, unseenAccountNotice } from "../lib/transformNotices";
import { type Path, pathText, type TransformedKind } from "../lib/workloadKinds";
import { argumentsError } from "./argumentsError";
import { knownPullSecrets, readPodSpec } from "./readPodSpec";
import { silently } from "./silentOutputs";
import { accountPlace, secretsOfAccount } from "./transformRun";
import { subjectOf, type TransformedResource, type TransformSource, warnOfNewName } from "./transformSource";
import { inEngineForm, mapAt, mapKnown, readAt } from "./transformedProps";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** The properties of a workload whose pods list the pull Secrets that they need. */
export async function listInWorkload(
  resource: TransformedResource,
  kind: TransformedKind,
  source: TransformSource,
): Promise<pulumi.Inputs> {
  const withObject = (object: object): object => {
    const inPodSpecs = kind.podSpecs.reduce<unknown>(
      (changed, path) =>
        mapAt<PodSpec>(changed, path, (podSpec) =>
          listInPodSpec(resource, { kind, object, path, podSpec }, source),
        ),
      object,
    );
    return kind.lists.reduce(
      (changed, path) => addToList(resource, { kind, changed, path, object }, source),
      inPodSpecs,
    ) as object;
  };
  const listing = inEngineForm(mapAt(resource.props, kind.objects, withObject)) as pulumi.Inputs;
  // What fails here fails the transform, which the SDK tells; in its Outputs it would be told a second time.
  await silently(pulumi.output(listing));
  return listing;
}

/** A pod spec, and where it is. */
interface PlacedPodSpec {
  kind: TransformedKind;
  /** The Kubernetes object that it is in. */
  object: object;
  path: Path;
  podSpec: PodSpec;
}

function listInPodSpec(
  resource: TransformedResource,
  { kind, object, path, podSpec }: PlacedPodSpec,
  source: TransformSource,
): PodSpec {
  const { placed, referenceOf } = source;
  const subject = subjectOf(resource);
  const refuse = (problems: Problem[]): void => {
    if (problems.length > 0) {
      throw argumentsError(subject, problems);
    }
  };
  const place = pathText([...kind.objects, ...path]);
  const namespace = readAt(object, ["metadata", "namespace"]);
  const updateStrategy = readAt(object, ["spec", "updateStrategy", "type"]);
  const names = pulumi
    .all([readPodSpec(podSpec, place), namespace, placed, updateStrategy])
    .apply(([{ images, problems }, own, known, strategy]): pulumi.Input<string[] | undefined> => {
      const workload = { namespace: own ?? "", images: images.map(({ image }) => image) };
      const { key, reason } = neededPullSecret(workload, known);
      if (reason !== undefined) {
        refuse([{ path: pathText([...kind.objects, "metadata", "namespace"]), reason }]);
      }
      if (key === undefined) {
        return undefined;
      }
      refuse(problems);
      if (kind.isPatch && ["goesDown", "runsAgain"].includes(kind.onNewName)) {
        source.teller.warn(unchangeablePodWarning(subject));
        return undefined;
      }
      const onNewName = strategy === "OnDelete" ? "keepsOldName" : kind.onNewName;
      warnOfNewName(subject, key, onNewName, source);
      return referenceOf(key).secretNames;
    });
  const account = pulumi
    .all([readAt(podSpec, ["serviceAccountName"]), readAt(podSpec, ["serviceAccount"])])
    .apply(([name, formerly]) => name ?? formerly ?? "default");
  const imagePullSecrets = mapKnown(podSpec.imagePullSecrets, (listed) =>
    pulumi
      .all([listed as object | undefined, names, namespace, account])
      .apply(([own, added, namespaceName, accountName]) => {
        if (added === undefined) {
          return pulumi.output(own);
        }
        refuse(pullSecretProblems(knownPullSecrets(own), `${place}.imagePullSecrets`));
        const listedNow = (own ?? []) as { name: string }[];
        if (listedNow.length > 0) {
          return pulumi.output(addedPullSecrets(listedNow, added));
        }
        const keeping = {
          resource,
          account: kind.isPatch ? undefined : accountName,
          namespace: namespaceName,
        };
        return secretsToKeep(keeping, source).apply((kept) => {
          const all =
            addedPullSecrets(
              kept.map((name) => ({ name })),
              added,
            ) ?? [];
          const secretNames = all.map(({ name }) => name);
          source.run.pods.push({ subject, place: accountPlace(namespaceName, accountName), secretNames });
          return all;
        });
      }),
  );
  return { ...podSpec, imagePullSecrets } as PodSpec;
}

interface LosingPod {
  resource: TransformedResource;
  namespace: string | undefined;
  /** Undefined where it is not in the properties. */
  account: string | undefined;
}

/** What a pod that listed no pull Secrets had from its ServiceAccount, as far as that is known. */
function secretsToKeep(
  { resource, namespace, account }: LosingPod,
  { serviceAccountSecrets, run, teller }: TransformSource,
): pulumi.Output<string[]> {
  const kept = async (): Promise<pulumi.Output<string[]>> => {
    const place = accountPlace(namespace, account ?? "");
    const named = ownMember(serviceAccountSecrets, place) ?? ownMember(serviceAccountSecrets, account ?? "");
    if (named !== undefined) {
      return pulumi.output(named);
    }
    const seen = account === undefined ? undefined : await secretsOfAccount(place, run);
    if (seen === undefined) {
      const { parent } = resource.opts;
      const topic = parent === undefined ? "" : await silently(parent.urn);
      teller.inform(`parent ${String(topic)}`, unseenAccountNotice(subjectOf(resource)), parent);
    }
    return seen ?? pulumi.output([]);
  };
  return pulumi.output(kept()).apply((names) => names);
}

/** A plain list in an object, whose properties are `changed` already. */
interface PlacedList {
  kind: TransformedKind;
  object: object;
  changed: unknown;
  path: Path;
}

/** Adds the pull Secrets of an object's namespace to a plain list, if there are any. */
function addToList(
  resource: TransformedResource,
  { kind, object, changed, path }: PlacedList,
  source: TransformSource,
): unknown {
  const { placed, referenceOf } = source;
  const member = path.at(-1) ?? "";
  const added = pulumi
    .all([readAt(object, ["metadata", "namespace"]), placed])
    .apply(([own = "", { namespaces }]) => {
      const key = Object.keys(namespaces).find((key) => namespaces[key] === own);
      if (key === undefined) {
        return pulumi.output<string[]>([]);
      }
      warnOfNewName(subjectOf(resource), key, kind.onNewName, source);
      return referenceOf(key).secretNames;
    });
  return mapAt<Record<string, unknown>>(changed, path.slice(0, -1), (holder) => ({
    ...holder,
    [member]: mapKnown(holder[member], (listed) =>
      pulumi
        .all([listed as object | undefined, added])
        .apply(([own, names]) => addedPullSecrets((own ?? []) as { name: string }[], names)),
    ),
  }));
}
