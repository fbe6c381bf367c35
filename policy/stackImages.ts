import { serverProblem } from "../components/lib/kubelet/server";
import { printableLine } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import { notKnown } from "../components/lib/served/known";
import { isPullObject, type KubernetesObject, readPullObjects } from "../components/lib/served/pullObjects";
import { unservedImages } from "../components/lib/served/servedImages";
import { knownValues } from "./knownValues";
import { unseenImages } from "./unseenImages";

/** A resource of a stack as a policy pack is given it, whose properties may throw where they are read. */
export interface StackResource {
  type: string;
  urn: string;
  props: unknown;
  /** Absent for components. */
  provider?: { urn: string; props: unknown };
}

/** What is wrong with an image of a resource, or can't be checked. */
export interface Finding {
  /** Absent if it is about the policy's configuration. */
  urn?: string;
  /** Names servers and Secrets; contains no login. */
  message: string;
  /** Whether it breaks the policy; otherwise it can't be checked, not yet or not at all. */
  isViolation: boolean;
}

/** What is wrong with the images of a stack's workloads, and what can't be checked. */
export function checkStack(
  resources: readonly StackResource[],
  serversWithoutSecret: readonly string[] = [],
): Finding[] {
  const wrongServers = serversWithoutSecret.flatMap((server, index) => {
    const problem = serverProblem(server);
    return problem === undefined ? [] : [{ path: `serversWithoutSecret[${index}]`, reason: problem }];
  });
  if (wrongServers.length > 0) {
    return wrongServers.map((problem) => finding(problem, true));
  }
  const objects = resources.filter(isPullObject).map(objectOf);
  const clusters = [...new Set(objects.map(({ cluster }) => cluster))];
  const problems = clusters.flatMap((own) =>
    unservedImages({
      ...readPullObjects(objects.filter(({ cluster }) => cluster === own)),
      serversWithoutSecret,
      scope: "this stack",
    }),
  );
  const unseen = resources
    .filter(({ provider }) => provider !== undefined)
    .flatMap((resource) =>
      unseenImages(resource, serversWithoutSecret).map((problem) => ({ urn: resource.urn, ...problem })),
    );
  return [
    ...problems.map(({ workload, path, reason, kind }) => {
      const whole = [workload.path, path].filter((part) => part !== "").join(".");
      return finding({ urn: workload.source.urn, path: whole, reason }, kind === "unserved");
    }),
    ...unseen.map((problem) => finding(problem, false)),
  ];
}

function finding(
  { urn, path, reason }: { urn?: string; path: string; reason: string },
  isViolation: boolean,
): Finding {
  return { ...(urn !== undefined && { urn }), message: printableLine(`${path}: ${reason}`), isViolation };
}

/** What of a provider's settings says which cluster it talks to. */
const connection = ["kubeconfig", "context", "cluster", "renderYamlToDirectory"];

function objectOf({
  type,
  urn,
  props,
  provider,
}: StackResource): KubernetesObject & { urn: string; cluster: string } {
  const settings = knownValues(provider?.props);
  const known = isObject(settings) ? settings : {};
  const namespace = known["namespace"];
  return {
    type,
    urn,
    props: knownValues(props),
    defaultNamespace: typeof namespace === "string" || namespace === notKnown ? namespace : "default",
    cluster: JSON.stringify(
      connection.map((member) => (known[member] === notKnown ? provider?.urn : known[member])),
    ),
  };
}
