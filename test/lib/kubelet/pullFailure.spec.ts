import assert from "node:assert/strict";
import { explainPullFailure } from "../../../components/lib/kubelet/pullFailure";

/** The error of the Kubernetes provider for a Deployment with these pods. */
function rolloutError(...pods: string[]): string {
  return [
    "3 errors occurred:",
    "\t* the Kubernetes API server reported that \"shop/web\" failed to fully initialize or become live: 'web' timed out waiting to be Ready",
    "\t* Minimum number of live Pods was not attained",
    ...pods.map((pod, index) => `\t* [Pod shop/web-5f6dc75848-sd5g${index}]: ${pod}`),
    "\n",
  ].join("\n");
}

const image = "registry.example.com/shop/web:401";
const unready = "containers with unready status: [web]";
const unresolved = `failed to pull and unpack image "${image}": failed to resolve reference "${image}":`;

/** Texts of containerd 1.6 to 2.2, Docker and kubelet 1.24 to 1.36 as a pod's status has them. */
const table: [name: string, status: string, explanation: RegExp][] = [
  [
    "401 of a registry with Basic (containerd 2.2)",
    `[ImagePullBackOff] Back-off pulling image "${image}": ErrImagePull: ${unresolved} pulling from host registry.example.com failed with status code [manifests 401]: 401 Unauthorized`,
    /^The registry did not accept a login for the image "registry\.example\.com\/shop\/web:401" \(401\)\. .*pullPlan.*verify: enforce/,
  ],
  [
    "401 of a registry with Basic (containerd 1.7)",
    `[ErrImagePull] rpc error: code = Unknown desc = ${unresolved} unexpected status from HEAD request to https://registry.example.com/v2/shop/web/manifests/401: 401 Unauthorized`,
    /\(401\)/,
  ],
  [
    "401 of a token service",
    `[ErrImagePull] ${unresolved} failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`,
    /\(401\)/,
  ],
  [
    "a wrong password on Docker Hub (Docker)",
    '[ErrImagePull] Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
    /^The registry did not accept a login for an image \(401\)/,
  ],
  [
    "no login (containerd)",
    `[ErrImagePull] ${unresolved} failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Ashop%2Fweb%3Apull&service=ghcr.io: 401 Unauthorized`,
    /was pulled without a login/,
  ],
  [
    "no login (Docker)",
    `[ErrImagePull] Error response from daemon: Head "https://registry.example.com/v2/shop/web/manifests/1": no basic auth credentials`,
    /was pulled without a login/,
  ],
  [
    "403",
    `[ErrImagePull] ${unresolved} unexpected status from HEAD request to https://registry.example.com/v2/shop/web/manifests/404: 403 Forbidden`,
    /does not let the login pull the image "registry.example.com\/shop\/web:401" \(403\)/,
  ],
  [
    "403 of a token service",
    `[ErrImagePull] ${unresolved} failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Ashop%2Fweb%3Apull&service=ghcr.io: 403 Forbidden`,
    /\(403\)/,
  ],
  [
    "no scope on Docker Hub",
    `[ErrImagePull] ${unresolved} pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
    /\(403\)\. .* when it does not exist/,
  ],
  [
    "a missing tag (containerd)",
    `[ImagePullBackOff] Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = ${unresolved} ${image}: not found`,
    /^The registry does not have the image "registry\.example\.com\/shop\/web:401" \(404\)/,
  ],
  [
    "a missing tag (Docker)",
    "[ErrImagePull] manifest for nginx:busted not found",
    /^The registry does not have an image \(404\)/,
  ],
  [
    "a missing tag of an image on Docker Hub",
    'Failed to pull image "nginx:1.27": [ErrImagePull] Error response from daemon: image "nginx:1.27" not found',
    /^The registry does not have the image "nginx:1\.27" \(404\)/,
  ],
  [
    "an unknown CA",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/shop/web/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    /does not trust the CA .* containerd on every node/,
  ],
  [
    "a certificate for another name",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://10.0.0.1/v2/": x509: certificate is valid for registry.example.com, not 10.0.0.1`,
    /expired or for another name/,
  ],
  [
    "an expired certificate",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-01-01T00:00:00Z`,
    /expired or for another name/,
  ],
  [
    "plain http",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/": http: server gave HTTP response to HTTPS client`,
    /speaks plain http/,
  ],
  [
    "an unknown host",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/": dial tcp: lookup registry.example.com on 10.96.0.10:53: no such host`,
    /The node can't reach the registry/,
  ],
  [
    "a host without a route",
    `[ErrImagePull] ${unresolved} failed to do request: dial tcp 192.0.2.1:443: i/o timeout`,
    /The node can't reach the registry/,
  ],
  [
    "a refused connection",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/": dial tcp 192.0.2.1:443: connect: connection refused`,
    /The node can't reach the registry/,
  ],
  [
    "a silent registry",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/": net/http: TLS handshake timeout`,
    /did not answer the node in time/,
  ],
  [
    "a pull that took too long",
    `[ErrImagePull] rpc error: code = DeadlineExceeded desc = ${unresolved} context deadline exceeded`,
    /did not answer the node in time/,
  ],
  [
    "Docker Hub's limit",
    `[ErrImagePull] ${unresolved} unexpected status from HEAD request to https://registry-1.docker.io/v2/library/busybox/manifests/1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.`,
    /too many requests \(429\)/,
  ],
  [
    "an expired token of Amazon ECR (containerd, whose HEAD has no words)",
    `[ErrImagePull] failed to pull and unpack image "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1": failed to resolve reference "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1": unexpected status from HEAD request to https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/shop/web/manifests/1: 403 Forbidden`,
    /^Amazon ECR does not let the login pull the image "123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/shop\/web:1" \(403\): most often its token has expired\. It lasts twelve hours: .* ecr:BatchGetImage/,
  ],
  [
    "an expired token of Amazon ECR (Docker)",
    "[ErrImagePull] Error response from daemon: pull access denied for 123456789012.dkr.ecr.us-east-2.amazonaws.com/test, repository does not exist or may require 'docker login': denied: Your authorization token has expired. Reauthenticate and try again.",
    /is an Amazon ECR token that has expired/,
  ],
  [
    "no login at Amazon ECR (containerd)",
    '[ErrImagePull] failed to resolve reference "123456789012.dkr.ecr.us-east-2.amazonaws.com/test:1": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    /was pulled without a login/,
  ],
  [
    "a registry that fails (containerd 2.2)",
    `[ImagePullBackOff] Back-off pulling image "${image}": ErrImagePull: ${unresolved} pulling from host registry.example.com failed with status code [manifests 401]: 503 Service Unavailable`,
    /^The registry of the image "registry\.example\.com\/shop\/web:401", or its token service, failed \(5xx\)/,
  ],
  [
    "a registry that fails (containerd 1.7, a blob)",
    `[ErrImagePull] failed to pull and unpack image "${image}": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry.example.com/v2/shop/web/manifests/sha256:1fa6: 502 Bad Gateway`,
    /\(5xx\)/,
  ],
  [
    "a registry that fails (CRI-O)",
    "[ErrImagePull] initializing source docker://registry.example.com/ubi8:latest: reading manifest latest in registry.example.com/ubi8: received unexpected HTTP status: 503 Service Unavailable",
    /\(5xx\)/,
  ],
  [
    "a token service that fails",
    `[ErrImagePull] ${unresolved} failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.docker.io/token?service=registry.docker.io: 504 Gateway Timeout`,
    /\(5xx\)/,
  ],
  [
    "a token service that can't be reached",
    `[ErrImagePull] ${unresolved} failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?service=registry.docker.io": dial tcp 192.0.2.1:443: i/o timeout`,
    /The node can't reach the registry/,
  ],
  [
    "a registry that hangs up (containerd)",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/shop/web/manifests/1": EOF`,
    /closed the connection before its answer was complete/,
  ],
  [
    "a registry that hangs up (CRI-O)",
    '[ErrImagePull] copying system image from manifest list: writing blob: storing blob to file "/var/tmp/container_images_storage451663201/3": happened during read: unexpected EOF',
    /closed the connection/,
  ],
  [
    "a full disk (containerd)",
    `[ErrImagePull] failed to pull and unpack image "${image}": failed to extract layer sha256:5dacd7: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount252943319: write /var/lib/containerd/tmpmounts/containerd-mount252943319/lib/libc-2.24.so: no space left on device: unknown`,
    /^The disk of the node is full: there is no room for the image "registry/,
  ],
  [
    "a full disk (Docker)",
    "[ErrImagePull] rpc error: code = Unknown desc = failed to register layer: Error processing tar file(exit status 1): write /server.rpm: no space left on device",
    /^The disk of the node is full/,
  ],
  [
    "a manifest of schema 1 (containerd 2.0)",
    `[ErrImagePull] rpc error: code = Unimplemented desc = ${unresolved} not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.0, please rebuild the image as "application/vnd.docker.distribution.manifest.v2+json" or "application/vnd.oci.image.manifest.v1+json"`,
    /has a manifest of schema 1/,
  ],
  [
    "a manifest of schema 1 (Docker)",
    "[ErrImagePull] Error response from daemon: application/vnd.docker.distribution.manifest.v1+prettyjws not supported",
    /has a manifest of schema 1/,
  ],
  [
    "a proxy that wants a login",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/shop/web/manifests/1": Proxy Authentication Required`,
    /^The proxy of the node refused the request/,
  ],
  [
    "a proxy that refuses",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/shop/web/manifests/1": Forbidden`,
    /^The proxy of the node refused the request/,
  ],
  [
    "a proxy that can't be reached",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/shop/web/manifests/1": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused`,
    /^The proxy of the node refused the request .*, or can't be reached/,
  ],
  [
    "a certificate with a Common Name alone",
    `[ErrImagePull] ${unresolved} failed to do request: Head "https://registry.example.com/v2/": tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead`,
    /has its name only as Common Name, .* subject alternative name/,
  ],
  [
    "a registry that refuses connections (CRI-O)",
    "[RegistryUnavailable] image pull failed for registry.example.com/shop/web:1 because the registry is unavailable: pinging container registry registry.example.com: connection refused",
    /^The node can't reach the registry of the image "registry\.example\.com\/shop\/web:1"/,
  ],
  [
    "another platform",
    `[ErrImagePull] failed to pull and unpack image "${image}": no match for platform in manifest: not found`,
    /not for the node's platform/,
  ],
  [
    "an invalid name",
    `[InvalidImageName] Failed to apply default image tag "Shop/web": couldn't parse image name "Shop/web": invalid reference format: repository name must be lowercase`,
    /is not a valid image reference/,
  ],
  [
    "an image that may not be pulled",
    `[ErrImageNeverPull] Container image "${image}" is not present with pull policy of Never`,
    /imagePullPolicy Never forbids/,
  ],
  [
    "an older kubelet, which keeps the cause to the events",
    `[ImagePullBackOff] Back-off pulling image "${image}"`,
    /can't be pulled; this kubelet does not say why here\. .*kubectl describe pod/,
  ],
];

describe("explainPullFailure", () => {
  for (const [name, status, explanation] of table) {
    it(`explains ${name}`, () => {
      const explanations = explainPullFailure(rolloutError(unready + status));
      assert.equal(explanations.length, 1, explanations.join("\n"));
      assert.match(explanations[0] ?? "", explanation);
      assert.doesNotMatch(explanations[0] ?? "", /https?:/);
    });
  }

  it("explains a missing pull Secret beside the pull that failed without it", () => {
    const explanations = explainPullFailure(
      rolloutError(
        `Unable to retrieve some image pull secrets (shop-login); attempting to pull the image may not succeed.\n${unready}[ErrImagePull] ${unresolved} no basic auth credentials`,
      ),
    );
    assert.equal(explanations.length, 2);
    assert.match(explanations[0] ?? "", /^The pull Secret shop-login is not in the namespace of the pod\./);
    assert.match(explanations[1] ?? "", /without a login/);
    assert.match(
      explainPullFailure("[Pod web]: FailedToRetrieveImagePullSecret").join(),
      /^A pull Secret is not in the namespace/,
    );
  });

  it("explains the silence about init containers", () => {
    const status = "containers with incomplete status: [migrate seed][PodInitializing] ";
    const explanations = explainPullFailure(rolloutError(status, status));
    assert.equal(explanations.length, 1);
    assert.match(
      explanations[0] ?? "",
      /^The init containers have not finished: migrate, seed\. .*kubectl describe pod.*kubectl logs/,
    );
  });

  it("says each thing once, for all pods and containers", () => {
    const [, status = ""] = table[0] ?? [];
    const other = '[ErrImagePull] failed to pull and unpack image "quay.io/a/b:1": 403 Forbidden';
    const explanations = explainPullFailure(rolloutError(`${unready}${status}\n${other}`, unready + status));
    assert.deepEqual(
      explanations.map((text) => /\(\d+\)/.exec(text)?.[0]),
      ["(401)", "(403)"],
    );
  });

  it("has nothing to say of other failures", () => {
    const crash = `${unready}[CrashLoopBackOff] back-off 10s restarting failed container=web pod=web_shop(9e08)\ncontainer "web" terminated at 2026-06-25T20:55:54Z (Error: exit code 1)\n401 Unauthorized`;
    for (const error of [
      rolloutError(crash),
      rolloutError(),
      "",
      "0/1 nodes are available: 1 Insufficient memory.",
      `Failed to pull image "${image}": a cause that nobody has met`,
    ]) {
      assert.deepEqual(explainPullFailure(error), []);
    }
  });
});
