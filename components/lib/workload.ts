import { type PullAttempt, pullAttempts, serverOf, unheldReason } from "./kubelet/pullAttempts";
import { dnsLabelProblem } from "./kubernetesNames";
import { type Problem, quote } from "./problems";

/** A pod's container or image volume, and its image. */
export interface ContainerImage {
  list: "initContainers" | "containers" | "ephemeralContainers" | "volumes";
  index: number;
  name: string;
  image: string;
}

/** The settings of a container, apart from its image. */
export const containerSettings = [
  "command",
  "args",
  "env",
  "imagePullPolicy",
  "ports",
  "resources",
  "readinessProbe",
  "livenessProbe",
  "startupProbe",
] as const;

/** The facts about a workload that its pulls depend on. */
export interface Workload {
  name: string;
  /** Which of `image`, `containers` and the only container's settings were given. */
  given: readonly string[];
  images: ContainerImage[];
  /** Problems with the shape of its podSpec; paths are relative to the workload. Default none. */
  misshapen?: Problem[];
  allowAnonymous: boolean;
  /** Servers whose images need no pull Secret, as {@link serverProblem} accepts them. Default none. */
  serversWithoutSecret?: readonly string[];
  /** The servers of its pull Secrets, if its images are checked against others. Default the same servers. */
  held?: readonly PullAttempt[];
}

/** Which of a workload's arguments that define its containers are given. */
export function givenOf(workload: object): string[] {
  const given = new Map(Object.entries(workload));
  return ["image", "containers", ...containerSettings].filter((member) => given.get(member) !== undefined);
}

/** The path of an image in the arguments of its workload. */
function imagePath(
  given: Workload["given"],
  { list, index }: Pick<ContainerImage, "list" | "index">,
): string {
  if (list === "volumes") {
    return `podSpec.volumes[${index}].image.reference`;
  }
  return isOnlyContainer(given, { list, index }) ? "image" : `${list}[${index}].image`;
}

function isOnlyContainer(
  given: Workload["given"],
  { list, index }: Pick<ContainerImage, "list" | "index">,
): boolean {
  return given.includes("image") && list === "containers" && index === 0;
}

/** How kubelet pulls the image of one container; `Login` is what we know about a login in its Secrets. */
export interface PlannedPull<Login extends PullAttempt> {
  /** Property path of the image. */
  path: string;
  /** Name of the Deployment. */
  deployment: string;
  /** Name of the container or image volume. */
  container: string;
  image: string;
  /** The logins that kubelet tries, in its order. */
  logins: Login[];
  /** If it has none: the server by which the image needs no pull Secret. */
  serverWithoutSecret?: string;
}

/** How kubelet pulls the image of one container; not secret. */
export interface PullPlanEntry {
  /** Name of the Deployment. */
  deployment: string;
  /** Name of the container, init container or image volume. */
  container: string;
  /** The image reference as given. */
  image: string;
  /** Servers whose logins kubelet tries, in its order; empty for a pull without a pull Secret. */
  attempts: PullAttempt[];
  /** Only without attempts: the matching server among those whose images need no pull Secret. */
  serverWithoutSecret?: string;
}

/** The public entry of the pull plan, without the logins. */
export function planEntry({
  deployment,
  container,
  image,
  logins,
  serverWithoutSecret,
}: PlannedPull<PullAttempt>): PullPlanEntry {
  const attempts = logins.map(({ server, pullSecret }) => ({ server, pullSecret }));
  return { deployment, container, image, attempts, ...(serverWithoutSecret && { serverWithoutSecret }) };
}

/** Plans the pulls of a workload whose pods list Secrets with these logins, with all problems of its arguments. */
export function planWorkload<Login extends PullAttempt>(
  { name, given, images, misshapen = [], allowAnonymous, serversWithoutSecret = [], held }: Workload,
  listed: readonly Login[],
  path: string,
): { result: PlannedPull<Login>[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const pathOf = (member: string): string => [path, member].filter((part) => part !== "").join(".");
  const report = (member: string, reason: string | undefined): void => {
    if (reason !== undefined) {
      problems.push({ path: pathOf(member), reason });
    }
  };
  report(path === "" ? "name" : "", dnsLabelProblem(name));
  const [hasImage, hasContainers] = [given.includes("image"), given.includes("containers")];
  if (hasImage === hasContainers) {
    report(
      "image",
      `${hasImage ? "is given along with" : "is missing, and so are"} \`containers\`: give one of the two.`,
    );
  } else if (hasContainers) {
    for (const setting of given.filter((member) => member !== "containers")) {
      report(setting, "is given along with `containers`: move it to the container that it is for.");
    }
  }
  for (const { path: member, reason } of misshapen) {
    report(member, reason);
  }
  const seen = new Set<string>();
  const nameProblem = (place: ContainerImage): string | undefined => {
    const isTwice = seen.has(place.name);
    seen.add(place.name);
    if (isTwice) {
      return `${quote(place.name)} is the name of another container.`;
    }
    return isOnlyContainer(given, place) ? undefined : dnsLabelProblem(place.name);
  };
  const result = images.map((place) => {
    const { list, index, name: container, image } = place;
    report(`${list}[${index}].name`, list === "volumes" ? undefined : nameProblem(place));
    const free = serverOf(image, serversWithoutSecret);
    const { attempts, reason } = pullAttempts(image, listed, allowAnonymous || free !== undefined);
    report(imagePath(given, place), reason ?? (free ? undefined : unheldReason(image, listed, held)));
    return {
      path: pathOf(imagePath(given, place)),
      deployment: name,
      container,
      image,
      logins: attempts,
      ...(free !== undefined && attempts.length === 0 && { serverWithoutSecret: free }),
    };
  });
  return { result, problems };
}
