/** A cause of a failed pull: how kubelet, containerd, CRI-O or Docker word it, and what to do. */
interface Cause {
  pattern: RegExp;
  /** What else the text must contain, including its names. */
  beside?: RegExp;
  /** What is wrong with the pull of `image`, such as `the image "nginx:1"`. */
  problem: (image: string) => string;
  fix: string;
}

const tryTheLogin =
  "See the output pullPlan for the logins that kubelet tries, and set `verify: enforce` to have them checked at preview.";

const expiredEcrToken = {
  problem: (image: string) => `The login for ${image} is an Amazon ECR token that has expired.`,
  fix: "It lasts twelve hours: get a new one and run `up`, or leave the login out and let the nodes log in by kubelet's credential provider.",
};

/** More specific causes first: the first match counts. */
const causes: Cause[] = [
  {
    pattern: /InvalidImageName|couldn't parse image|invalid reference format/,
    problem: (image) => `${image} is not a valid image reference.`,
    fix: "Correct it: host[:port]/path:tag, in lower case.",
  },
  {
    pattern: /ErrImageNeverPull/,
    problem: (image) => `${image} is not on the node, and imagePullPolicy Never forbids pulling it.`,
    fix: "Use IfNotPresent, or load the image onto the nodes.",
  },
  {
    pattern: /no match for platform|no matching manifest/,
    problem: (image) => `The registry has ${image}, but not for the node's platform.`,
    fix: "Push the image for the architecture of the nodes, or select nodes that it is for.",
  },
  {
    pattern: /no longer supported since containerd|manifest\.v1\+|schema 1 support/,
    problem: (image) =>
      `${image} has a manifest of schema 1, which the node's container runtime no longer reads.`,
    fix: "Build the image again and push it, or convert it: `skopeo copy --format v2s2`.",
  },
  {
    pattern:
      /proxyconnect tcp|Proxy Authentication Required|(?:Head|Get) : (?:Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout)/,
    problem: (image) => `The proxy of the node refused the request for ${image}, or can't be reached.`,
    fix: "Correct the proxy that containerd or CRI-O has on the nodes (HTTPS_PROXY, its login included), or add the registry to NO_PROXY there.",
  },
  {
    pattern: /legacy Common Name/,
    problem: (image) =>
      `The certificate of the registry of ${image} has its name only as Common Name, which the node does not accept.`,
    fix: "Have it issued again with the name as subject alternative name (SAN).",
  },
  {
    pattern: /x509: certificate signed by unknown authority|x509: [^:\n]*not trusted/,
    problem: (image) => `The node does not trust the CA of the registry of ${image}.`,
    fix: "Give the CA to containerd on every node (certs.d/<host>/hosts.toml); the pull Secret and `caBundle` can't. If other tags of it pull, this one is missing: containerd asks again without the `ca` of a `[host]` there.",
  },
  {
    pattern: /x509:/,
    problem: (image) => `The certificate of the registry of ${image} is expired or for another name.`,
    fix: "Have it renewed, or name the registry as its certificate does.",
  },
  {
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    problem: (image) => `The registry of ${image} speaks plain http, and the node uses https.`,
    fix: "Name it as a plain-http registry in containerd on every node (certs.d/<host>/hosts.toml), or give it TLS.",
  },
  {
    pattern: /429 \(?Too Many Requests|toomanyrequests|pull rate limit/i,
    problem: (image) => `The registry of ${image} received too many requests (429).`,
    fix: "Wait, or pull with a login that has a higher limit: on Docker Hub, anonymous nodes are limited first.",
  },
  {
    pattern:
      /\b5\d\d \(?(?:Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Time-?out)|status(?: ?code)?:? 5\d\d\b/i,
    problem: (image) => `The registry of ${image}, or its token service, failed (5xx).`,
    fix: "Neither the login nor the image is at fault: wait for its operators, or check its log, then run `up` again.",
  },
  {
    pattern: /no space left on device|disk quota exceeded/,
    problem: (image) => `The disk of the node is full: there is no room for ${image}.`,
    fix: "Free or enlarge the disk of the node, where the container runtime keeps images.",
  },
  {
    pattern:
      /no such host|i\/o timeout|connection refused|connection reset|no route to host|network is unreachable|registry is unavailable/,
    problem: (image) => `The node can't reach the registry of ${image}.`,
    fix: "Check DNS, route, firewall and proxy of the nodes: they pull, not the machine that pulumi runs on.",
  },
  {
    pattern: /deadline exceeded|handshake timeout|Client\.Timeout/,
    problem: (image) => `The registry of ${image} did not answer the node in time.`,
    fix: "Check route, firewall and proxy of the nodes, and the load of the registry.",
  },
  {
    pattern: /(?<!\S)EOF(?!\S)/,
    problem: (image) =>
      `The registry of ${image}, or a proxy before it, closed the connection before its answer was complete.`,
    fix: "Run `up` again; if it happens again, look at the log of the registry and of its load balancer.",
  },
  { pattern: /authorization token has expired/i, ...expiredEcrToken },
  { pattern: /HTTP 403|denied:/, beside: /authorization token has expired/i, ...expiredEcrToken },
  {
    pattern: /failed to fetch anonymous token|no basic auth credentials/,
    problem: (image) => `${image} was pulled without a login, and its registry wants one.`,
    fix: `No login of the pod's pull Secrets matched the image, or its Secret is missing. ${tryTheLogin}`,
  },
  {
    pattern: /401 \(?Unauthorized|unauthorized:|authentication required|incorrect username or password/,
    problem: (image) => `The registry did not accept a login for ${image} (401).`,
    fix: `Its password is wrong, expired or revoked, or the image was pulled without one. ${tryTheLogin}`,
  },
  {
    pattern: /403 \(?Forbidden|access denied|denied:/,
    beside: /\.dkr[.-]ecr\b/,
    problem: (image) =>
      `Amazon ECR does not let the login pull ${image} (403): most often its token has expired.`,
    fix: `${expiredEcrToken.fix} If the token is newer, give its user the permission ecr:BatchGetImage on the repository.`,
  },
  {
    pattern: /403 \(?Forbidden|insufficient_scope|access denied|denied:/,
    problem: (image) => `The registry does not let the login pull ${image} (403).`,
    fix: "Give its user permission to pull from the repository; some registries also answer this when it does not exist.",
  },
  {
    pattern: /\bnot found\b|manifest unknown|name unknown/i,
    problem: (image) => `The registry does not have ${image} (404).`,
    fix: "Check repository and tag, and that the image was pushed; some registries also answer this without permission.",
  },
  {
    pattern: /ErrImagePull|ImagePullBackOff|Back-off pulling image/,
    problem: (image) => `${image} can't be pulled; this kubelet does not say why here.`,
    fix: "The pod's events do: `kubectl describe pod`.",
  },
];

/** The cause that a text describes, if known. */
export function causeOf(text: string): Cause | undefined {
  const words = withoutNames(text);
  return causes.find(({ pattern, beside }) => pattern.test(words) && (beside?.test(text) ?? true));
}

/** Removes images and URLs, whose words are not part of the registry's answer. */
function withoutNames(text: string): string {
  return text.replace(/"[^"]*"|https?:\/\/[^\s"]*|\[manifests [^[\]]*\]/g, "");
}
