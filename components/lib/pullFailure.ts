import { inOneLine } from "./problems";
import { withoutLogin } from "./withoutLogin";

/** A cause of a failed pull: how kubelet, containerd or Docker write it, and what to do. */
interface Cause {
  pattern: RegExp;
  /** What is wrong with the pull of `image`, which is such as `the image "nginx:1"`. */
  problem: (image: string) => string;
  fix: string;
}

const tryTheLogin =
  "See the output pullPlan for the logins that kubelet tries, and set `verify: enforce` to have them checked at preview.";

/** The more telling ones first: of the causes that match a text the first counts. */
const causes: Cause[] = [
  {
    pattern: /InvalidImageName|couldn't parse image|invalid reference format/,
    problem: (image) => `${image} is no valid image reference.`,
    fix: "Correct it: host[:port]/path:tag, in lower case.",
  },
  {
    pattern: /ErrImageNeverPull/,
    problem: (image) => `${image} is not on the node, and imagePullPolicy Never forbids to pull it.`,
    fix: "Use IfNotPresent, or load the image onto the nodes.",
  },
  {
    pattern: /no match for platform|no matching manifest/,
    problem: (image) => `The registry has ${image}, but not for the node's platform.`,
    fix: "Push the image for the architecture of the nodes, or select nodes that it is for.",
  },
  {
    pattern: /x509: certificate signed by unknown authority|x509: .*not trusted/,
    problem: (image) => `The node does not trust the CA of the registry of ${image}.`,
    fix: "Give the CA to containerd on every node (certs.d/<host>/hosts.toml); the pull Secret and `caBundle` can't.",
  },
  {
    pattern: /x509:/,
    problem: (image) => `The certificate of the registry of ${image} is expired or for another name.`,
    fix: "Have it renewed, or name the registry as its certificate does.",
  },
  {
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    problem: (image) => `The registry of ${image} speaks plain http, and the node asks by https.`,
    fix: "Name it as a plain-http registry in containerd on every node (certs.d/<host>/hosts.toml), or give it TLS.",
  },
  {
    pattern: /429 Too Many Requests|toomanyrequests|pull rate limit/i,
    problem: (image) => `The registry of ${image} has had too many requests (429).`,
    fix: "Wait, or pull with a login of a higher limit: on Docker Hub an anonymous node is limited first.",
  },
  {
    pattern: /failed to fetch anonymous token|no basic auth credentials/,
    problem: (image) => `${image} was pulled without a login, and its registry wants one.`,
    fix: `No login of the pod's pull Secrets matched the image, or its Secret is missing. ${tryTheLogin}`,
  },
  {
    pattern: /401 Unauthorized|unauthorized:|authentication required|incorrect username or password/,
    problem: (image) => `The registry did not take a login for ${image} (401).`,
    fix: `Its password is wrong, expired or revoked, or the image was pulled without one. ${tryTheLogin}`,
  },
  {
    pattern: /403 Forbidden|insufficient_scope|access denied|denied:/,
    problem: (image) => `The registry does not let the login pull ${image} (403).`,
    fix: "Give its user permission to pull from the repository; some registries also answer so when it does not exist.",
  },
  {
    pattern:
      /no such host|i\/o timeout|connection refused|connection reset|no route to host|network is unreachable/,
    problem: (image) => `The node can't reach the registry of ${image}.`,
    fix: "Check DNS, route, firewall and proxy of the nodes: they pull, not the machine that pulumi runs on.",
  },
  {
    pattern: /deadline exceeded|handshake timeout|Client\.Timeout/,
    problem: (image) => `The registry of ${image} did not answer the node in time.`,
    fix: "Check route, firewall and proxy of the nodes, and the load of the registry.",
  },
  {
    pattern: /\bnot found\b|manifest unknown|name unknown/i,
    problem: (image) => `The registry does not have ${image} (404).`,
    fix: "Check repository and tag, and that the image was pushed; some registries also answer so without permission.",
  },
  {
    pattern: /ErrImagePull|ImagePullBackOff|Back-off pulling image/,
    problem: (image) => `${image} can't be pulled; this kubelet does not say here why.`,
    fix: "The pod's events do: `kubectl describe pod`.",
  },
];

/**
 * The causes and fixes of a rollout that failed for want of an image, from the error of the Kubernetes provider; none
 * where the error says nothing of a pull. Each once, however many pods have it.
 */
export function explainPullFailure(error: string): string[] {
  const pods = error.split(/(?=\[Pod )/);
  return [
    ...new Set(
      pods.flatMap((text) => [...missingSecrets(text), ...failedPulls(text), ...silentInitContainers(text)]),
    ),
  ];
}

/** The texts from one container's reason to the next, such as `[ImagePullBackOff] Back-off pulling image ...`. */
function failedPulls(text: string): string[] {
  return text
    .split(
      /(?=\[(?:ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)\])|(?=Failed to pull image)|\n/,
    )
    .filter((part) =>
      /ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|pull(ing)? image/.test(part),
    )
    .flatMap((part) => {
      const cause = causes.find(({ pattern }) => pattern.test(withoutNames(part)));
      return cause === undefined ? [] : [`${capitalized(cause.problem(imageIn(part)))} ${cause.fix}`];
    });
}

/** Without images and URLs, whose words are not the registry's answer. */
function withoutNames(text: string): string {
  return text.replace(/"[^"]*"|https?:\/\/[^\s"]*|\[manifests [^\]]*\]/g, "");
}

function imageIn(text: string): string {
  const [, image] = /image "([^"\s]{1,512})"/i.exec(text) ?? [];
  return image === undefined ? "an image" : `the image "${inOneLine(withoutLogin(image, true))}"`;
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function missingSecrets(text: string): string[] {
  const [, names] = /Unable to retrieve some image pull secrets \(([^)]*)\)/.exec(text) ?? [];
  const isSaid = names !== undefined || text.includes("FailedToRetrieveImagePullSecret");
  const which = names === undefined ? "A pull Secret" : `The pull Secret ${inOneLine(names)}`;
  return isSaid
    ? [
        `${which} is not in the namespace of the pod. Create it there: pull Secrets serve their own namespace only.`,
      ]
    : [];
}

/** The provider reads the status of containers, and of init containers only that they have not ended. */
function silentInitContainers(text: string): string[] {
  const [, names] = /containers with incomplete status: \[([^\]]*)\]/.exec(text) ?? [];
  return names === undefined
    ? []
    : [
        `The init containers have not ended: ${names.trim().split(/\s+/).map(inOneLine).join(", ")}. The Kubernetes provider does not read why. If an image can't be pulled, \`kubectl describe pod\` has the error; if one has failed, \`kubectl logs\` with \`-c\` and its name.`,
      ];
}
