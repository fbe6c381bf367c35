import assert from "node:assert/strict";
import { encodeDockerConfigJson } from "../../components/lib/kubelet/dockerConfigJson";
import { checkStack, type StackResource } from "../../policy/stackImages";
import { policyProps, unknownText } from "../support/policyProps";

const image = "registry.example.com/team/app:1";
const logins = [{ server: "registry.example.com", username: "janedoe", password: "c4n4ry-password" }];
const data = { ".dockerconfigjson": Buffer.from(encodeDockerConfigJson(logins)).toString("base64") };

/** A resource as the SDK gives it. */
function resource(type: string, props: object, settings: object = {}): StackResource {
  return {
    type: `kubernetes:${type}`,
    urn: `urn:${type}`,
    props: policyProps(props),
    provider: {
      urn: `urn:provider:${JSON.stringify(settings)}`,
      props: policyProps(settings),
    },
  };
}

function secret(name = "login", settings: object = {}, namespace?: string): StackResource {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return resource("core/v1:Secret", { metadata, type: "kubernetes.io/dockerconfigjson", data }, settings);
}

function deployment(podSpec: object, settings: object = {}, namespace?: string): StackResource {
  const metadata = { name: "web", ...(namespace !== undefined && { namespace }) };
  return resource("apps/v1:Deployment", { metadata, spec: { template: { spec: podSpec } } }, settings);
}

const containers = [{ name: "app", image }];
const listing = { containers, imagePullSecrets: [{ name: "login" }] };
const anonymous = {
  urn: "urn:apps/v1:Deployment",
  message: `spec.template.spec.containers[0].image: "${image}" is pulled without a login: neither the pod nor its ServiceAccount "default" lists a pull Secret. List one that has a login for it, or name its server in \`serversWithoutSecret\` if it needs none.`,
  isViolation: true,
};

describe("checkStack", () => {
  it("finds nothing where each image is served", () => {
    assert.deepEqual(checkStack([secret(), deployment(listing)]), []);
    assert.deepEqual(checkStack([deployment({ containers })], ["registry.example.com"]), []);
    assert.deepEqual(checkStack([]), []);
  });

  it("finds images without a login, with the path in the resource", () => {
    assert.deepEqual(checkStack([deployment({ containers })]), [anonymous]);
  });

  it("takes the provider's namespace, by default default, where an object names none", () => {
    const settings = { namespace: "apps" };
    assert.deepEqual(checkStack([secret("login", settings), deployment(listing, {}, "apps")]), []);
    assert.deepEqual(checkStack([secret(), deployment(listing, {}, "default")]), []);
    const [finding] = checkStack([secret("login", settings), deployment(listing)]);
    assert.equal(
      finding?.message,
      `spec.template.spec.containers[0].image: "${image}" can't be checked: the pull Secret "login" is not in this stack. The pull Secret "login" has a login for it, but is in the namespace "apps": a pod uses only those of its own.`,
    );
  });

  it("keeps clusters apart", () => {
    const one = { kubeconfig: "one" };
    const other = { kubeconfig: "one", context: "other" };
    assert.deepEqual(checkStack([secret("login", one), deployment(listing, one)]), []);
    const findings = checkStack([secret("login", one), deployment(listing, other)]);
    assert.deepEqual(
      findings.map(({ message, isViolation }) => [message, isViolation]),
      [
        [
          `spec.template.spec.containers[0].image: "${image}" can't be checked: the pull Secret "login" is not in this stack.`,
          false,
        ],
      ],
    );
    const unknown = { kubeconfig: unknownText };
    assert.deepEqual(checkStack([secret("login", unknown), deployment(listing, unknown)]), []);
  });

  it("says what is not known at preview, which is no violation", () => {
    const findings = checkStack([
      secret(unknownText),
      deployment({ containers, imagePullSecrets: [{ name: unknownText }] }),
      deployment({ containers: [{ image: unknownText }] }),
    ]);
    assert.deepEqual(
      findings.map(({ message, isViolation }) => [message, isViolation]),
      [
        [
          `spec.template.spec.containers[0].image: "${image}" can't be checked: not all names of its pull Secrets are known yet. A pull Secret of its namespace, whose name is not known yet, has a login for it.`,
          false,
        ],
        ["spec.template.spec.containers[0].image: The image is not known yet.", false],
      ],
    );
  });

  it("says that it can't see the images of a Helm Release", () => {
    assert.deepEqual(checkStack([resource("helm.sh/v3:Release", { chart: "./chart" })]), [
      {
        urn: "urn:helm.sh/v3:Release",
        message:
          "chart: The images of a Helm Release can't be checked, since its objects are not in this stack; those of a Chart are.",
        isViolation: false,
      },
    ]);
  });

  it("says which pod specs are of a kind that it does not know", () => {
    const widget = resource("acme.io/v1:Widget", { spec: { pod: { containers } } });
    assert.deepEqual(checkStack([widget]), [
      {
        urn: "urn:acme.io/v1:Widget",
        message: `spec.pod: "${image}" can't be checked: which pull Secrets the pods of this kind get is up to what makes them.`,
        isViolation: false,
      },
    ]);
    assert.deepEqual(checkStack([widget], ["registry.example.com"]), []);
    assert.deepEqual(checkStack([{ ...widget, type: "acme:index:Widget" }]), []);
    const { type, urn, props } = widget;
    assert.deepEqual(checkStack([{ type, urn, props }]), []);
  });

  it("refuses servers that match no image, all of them, and checks nothing then", () => {
    assert.deepEqual(
      checkStack([deployment({ containers })], ["docker.io", "Registry.example.com", "ftp://a.b"]),
      [
        {
          message:
            'serversWithoutSecret[1]: "Registry.example.com" has upper case in its host, and kubelet compares hosts letter by letter: write "registry.example.com" here and in the image.',
          isViolation: true,
        },
        {
          message:
            'serversWithoutSecret[2]: "ftp://a.b" has a scheme that kubelet does not know: write the host alone, or https:// before it.',
          isViolation: true,
        },
      ],
    );
  });

  it("prints nothing that could end its line or start a colour", () => {
    const odd = deployment({ containers: [{ image: "a\nb<{%x%}>\u001b[2J" }] });
    const [finding] = checkStack([odd]);
    assert.match(finding?.message ?? "", /^[\x20-\x7e]+$/);
    assert.doesNotMatch(finding?.message ?? "", /<\{%|%\}>/);
  });

  it("survives resources of any shape", () => {
    const types = [
      "core/v1:Secret",
      "core/v1:ServiceAccount",
      "apps/v1:Deployment",
      "core/v1:PodList",
      "a.b/v1:C",
    ];
    const shapes: unknown[] = [
      undefined,
      null,
      1,
      "x",
      [],
      [[]],
      { metadata: 1, spec: [], items: {}, data: "x" },
    ];
    for (const type of types) {
      for (const props of shapes) {
        const provider = { urn: "urn", props };
        const findings = checkStack([{ type: `kubernetes:${type}`, urn: "urn", props, provider }]);
        assert.deepEqual(findings, [], `${type} ${JSON.stringify(props)}`);
      }
    }
  });
});
