import assert from "node:assert/strict";
import { explainPullFailure } from "../../../components/lib/kubelet/pullFailure";

const tryTheLogin =
  "See the output pullPlan for the logins that kubelet tries, and set `verify: enforce` to have them checked at preview.";

/** Every cause in full, with each of the words by which it is known. */
const texts: [text: string, words: string[]][] = [
  [
    'The image "r/a:1" is not a valid image reference. Correct it: host[:port]/path:tag, in lower case.',
    ["couldn't parse image", "invalid reference format", "InvalidImageName"],
  ],
  [
    'The image "r/a:1" is not on the node, and imagePullPolicy Never forbids pulling it. Use IfNotPresent, or load the image onto the nodes.',
    ["ErrImageNeverPull"],
  ],
  [
    'The registry has the image "r/a:1", but not for the node\'s platform. Push the image for the architecture of the nodes, or select nodes that it is for.',
    ["no match for platform", "no matching manifest"],
  ],
  [
    'The image "r/a:1" has a manifest of schema 1, which the node\'s container runtime no longer reads. Build the image again and push it, or convert it: `skopeo copy --format v2s2`.',
    [
      'media type "x" is no longer supported since containerd v2.0, please rebuild',
      "application/vnd.docker.distribution.manifest.v1+prettyjws not supported",
      "Docker Image manifest version 2, schema 1 support is disabled by default",
    ],
  ],
  [
    'The proxy of the node refused the request for the image "r/a:1", or can\'t be reached. Correct the proxy that containerd or CRI-O has on the nodes (HTTPS_PROXY, its login included), or add the registry to NO_PROXY there.',
    [
      "proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused",
      "proxyconnect tcp: EOF",
      "407 Proxy Authentication Required",
      'failed to do request: Head "https://r/v2/": Proxy Authentication Required',
      'failed to do request: Head "https://r/v2/": Forbidden',
      'Get "https://r/v2/": Bad Gateway',
      'Get "https://r/v2/": Service Unavailable',
      'Get "https://r/v2/": Gateway Timeout',
    ],
  ],
  [
    'The certificate of the registry of the image "r/a:1" has its name only as Common Name, which the node does not accept. Have it issued again with the name as subject alternative name (SAN).',
    ["x509: certificate relies on legacy Common Name field, use SANs instead"],
  ],
  [
    'The node does not trust the CA of the registry of the image "r/a:1". Give the CA to containerd on every node (certs.d/<host>/hosts.toml); the pull Secret and `caBundle` can\'t. If other tags of it pull, this one is missing: containerd asks again without the `ca` of a `[host]` there.',
    ["x509: certificate signed by unknown authority", "x509: “r” certificate is not trusted"],
  ],
  [
    'The certificate of the registry of the image "r/a:1" is expired or for another name. Have it renewed, or name the registry as its certificate does.',
    ["x509: certificate has expired"],
  ],
  [
    'The registry of the image "r/a:1" speaks plain http, and the node uses https. Name it as a plain-http registry in containerd on every node (certs.d/<host>/hosts.toml), or give it TLS.',
    ["server gave HTTP response to HTTPS client", "tls: first record does not look like a TLS handshake"],
  ],
  [
    'The registry of the image "r/a:1" received too many requests (429). Wait, or pull with a login that has a higher limit: on Docker Hub, anonymous nodes are limited first.',
    ["429 Too Many Requests", "429 (Too Many Requests)", "TOOMANYREQUESTS", "your Pull Rate Limit"],
  ],
  [
    'The registry of the image "r/a:1", or its token service, failed (5xx). Neither the login nor the image is at fault: wait for its operators, or check its log, then run `up` again.',
    [
      "500 Internal Server Error",
      "501 Not Implemented",
      "502 Bad Gateway",
      "503 Service Unavailable",
      "504 Gateway Timeout",
      "504 Gateway Time-out",
      "invalid status code from registry 503 (Service Unavailable)",
      "received unexpected HTTP status: 521",
      "StatusCode: 502, x",
      "unexpected status code 500",
    ],
  ],
  [
    'The disk of the node is full: there is no room for the image "r/a:1". Free or enlarge the disk of the node, where the container runtime keeps images.',
    ["no space left on device", "disk quota exceeded"],
  ],
  [
    'The registry of the image "r/a:1", or a proxy before it, closed the connection before its answer was complete. Run `up` again; if it happens again, look at the log of the registry and of its load balancer.',
    ['failed to do request: Head "https://r/v2/": EOF', "unexpected EOF", "Get https://r/v2/: EOF"],
  ],
  [
    'The login for the image "r/a:1" is an Amazon ECR token that has expired. It lasts twelve hours: get a new one and run `up`, or leave the login out and let the nodes log in by kubelet\'s credential provider.',
    [
      "denied: Your authorization token has expired. Reauthenticate and try again.",
      "403 Forbidden - Server message: denied: Your Authorization Token has expired. Please run 'aws ecr get-login'",
      'error parsing HTTP 403 response body: invalid character: "Your Authorization Token has expired."',
      'pull access denied: "denied: Your authorization token has expired. Reauthenticate and try again." denied: x',
    ],
  ],
  [
    `The image "r/a:1" was pulled without a login, and its registry wants one. No login of the pod's pull Secrets matched the image, or its Secret is missing. ${tryTheLogin}`,
    ["failed to fetch anonymous token", "no basic auth credentials"],
  ],
  [
    `The registry did not accept a login for the image "r/a:1" (401). Its password is wrong, expired or revoked, or the image was pulled without one. ${tryTheLogin}`,
    [
      "401 Unauthorized",
      "401 (Unauthorized)",
      "unauthorized: no",
      "authentication required",
      "incorrect username or password",
    ],
  ],
  [
    'The registry does not let the login pull the image "r/a:1" (403). Give its user permission to pull from the repository; some registries also answer this when it does not exist.',
    ["403 Forbidden", "403 (Forbidden)", "insufficient_scope", "access denied", "denied: no"],
  ],
  [
    'The node can\'t reach the registry of the image "r/a:1". Check DNS, route, firewall and proxy of the nodes: they pull, not the machine that pulumi runs on.',
    [
      "no such host",
      "i/o timeout",
      "connection refused",
      "connection reset",
      "no route to host",
      "network is unreachable",
      "the registry is unavailable",
    ],
  ],
  [
    'The registry of the image "r/a:1" did not answer the node in time. Check route, firewall and proxy of the nodes, and the load of the registry.',
    ["deadline exceeded", "handshake timeout", "Client.Timeout"],
  ],
  [
    'The registry does not have the image "r/a:1" (404). Check repository and tag, and that the image was pushed; some registries also answer this without permission.',
    ["Not Found", "manifest unknown", "name unknown"],
  ],
  [
    "The image \"r/a:1\" can't be pulled; this kubelet does not say why here. The pod's events do: `kubectl describe pod`.",
    ["whatever", "r/a:EOF", "port 5000 and 500 MB", "notfound", "Client-Timeout", "unauthorised"],
  ],
];

describe("the explanations of a failed pull, word for word", () => {
  for (const [text, words] of texts) {
    for (const word of words) {
      it(`${word}: ${text.slice(0, 60)}`, () => {
        assert.deepEqual(explainPullFailure(`[ErrImagePull] pull image "r/a:1": ${word}`), [text]);
      });
    }
  }

  const hidden = "is not what the registry answered";
  for (const name of [
    '"r/401 Unauthorized:1"',
    "http://r/manifest&x509:",
    "https://r/x509:",
    "[manifests x509: and more]",
  ]) {
    it(`${name} ${hidden}`, () => {
      assert.deepEqual(explainPullFailure(`[ErrImagePull] pull image "r/a:1" ${name} 403 Forbidden`), [
        'The registry does not let the login pull the image "r/a:1" (403). Give its user permission to pull from the repository; some registries also answer this when it does not exist.',
      ]);
    });
  }

  it("leaves nothing in the place of a name", () => {
    assert.match(explainPullFailure('[ErrImagePull] pull image "r/a:1": 403 "x"Forbidden').join(), /\(403\)/);
  });

  it("knows a part by each of its beginnings", () => {
    for (const [part, words] of [
      ["[ErrImagePull] x", "can't be pulled"],
      ["[ImagePullBackOff] x", "can't be pulled"],
      ["[InvalidImageName] x", "is not a valid image reference"],
      ["[ErrImageNeverPull] x", "is not on the node"],
      ["Failed to pull image: 403 Forbidden", "(403)"],
      [
        "[RegistryUnavailable] image pull failed for r/a:1 because the registry is unavailable",
        'reach the registry of the image "r/a:1"',
      ],
    ] as const) {
      const [explanation = "", ...others] = explainPullFailure(`[CrashLoopBackOff] 401 Unauthorized${part}`);
      assert.deepEqual(others, [], part);
      assert.ok(explanation.includes(words), explanation);
      assert.match(explanation, /^(The registry|The node|An image)/);
    }
  });

  it("names no image that is longer than 512 characters, or has spaces", () => {
    for (const name of [`r/${"a".repeat(511)}`, "r/a b"]) {
      assert.match(
        explainPullFailure(`[ErrImagePull] image "${name}": x`).join(),
        /^An image can't be pulled/,
      );
    }
    const longest = `r/${"a".repeat(510)}`;
    assert.ok(explainPullFailure(`[ErrImagePull] Image "${longest}": x`)[0]?.includes(longest));
  });

  it("says of missing Secrets and silent init containers just that", () => {
    assert.deepEqual(explainPullFailure("Unable to retrieve some image pull secrets (a, b); more"), [
      "The pull Secret a, b is not in the namespace of the pod. Create it there: pull Secrets serve their own namespace only.",
    ]);
    assert.deepEqual(explainPullFailure("containers with incomplete status: [ a   b ]"), [
      "The init containers have not finished: a, b. The Kubernetes provider does not read why. If an image can't be pulled, `kubectl describe pod` has the error; if one has failed, `kubectl logs` with `-c` and its name.",
    ]);
  });
});
