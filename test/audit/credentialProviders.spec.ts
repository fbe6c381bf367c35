import assert from "node:assert/strict";
import { readCredentialProviders } from "../../audit/credentialProviders";
import { type NodeLogin, nodeLogin, type PodAccount } from "../../audit/nodeLogin";

const sound = `
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: ecr-credential-provider
    matchImages: ["*.dkr.ecr.*.amazonaws.com", "public.ecr.aws/team"]
    defaultCacheDuration: 12h
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    args: [get-credentials]
  - name: acr
    matchImages: ["*.azurecr.io"]
    defaultCacheDuration: 0s
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    tokenAttributes:
      serviceAccountTokenAudience: api://AzureADTokenExchange
      cacheType: ServiceAccount
      requireServiceAccount: true
      requiredServiceAccountAnnotationKeys: [azure/client-id, azure/tenant-id]
      optionalServiceAccountAnnotationKeys: [azure/extra]
`;

function problemsIn(text: string): string {
  try {
    readCredentialProviders(Buffer.from(text), "providers.yaml");
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "AuditError");
    return error.message;
  }
  throw new Error("it was taken");
}

function served(image: string, account: PodAccount): NodeLogin {
  return nodeLogin(image, account, readCredentialProviders(Buffer.from(sound), "providers.yaml"));
}

describe("the nodes' credential providers", () => {
  const anyAccount = { name: "default", annotationKeys: [] };

  it("serve the images that their matchImages match, by kubelet's rules", () => {
    const ecr = { provider: "ecr-credential-provider" };
    assert.deepEqual(served("123.dkr.ecr.eu-west-1.amazonaws.com/app:1", anyAccount), ecr);
    assert.deepEqual(served("public.ecr.aws/team/app:1", anyAccount), ecr);
    assert.deepEqual(served("public.ecr.aws/other/app:1", anyAccount), {});
    assert.deepEqual(served("123.dkr.ecr.amazonaws.com/app:1", anyAccount), {});
    assert.deepEqual(served("123.dkr.ecr.eu-west-1.amazonaws.com:443/app:1", anyAccount), {});
  });

  it("are asked with a ServiceAccount's token only if it has the required annotations", () => {
    const image = "team.azurecr.io/app:1";
    const keys = ["azure/client-id", "azure/tenant-id"];
    assert.deepEqual(served(image, { name: "app", annotationKeys: keys }), { provider: "acr" });
    assert.deepEqual(served(image, { name: "app", annotationKeys: undefined }), { provider: "acr" });
    assert.deepEqual(served(image, { name: "app", annotationKeys: keys.slice(1) }), {
      hindrance: {
        what: 'the credential provider "acr" of the nodes matches it, but kubelet asks it only for ServiceAccounts with the annotation "azure/client-id", which "app" does not have',
        fix: 'Annotate the ServiceAccount "app", or list a pull Secret for the image.',
      },
    });
    assert.match(
      served(image, { name: "", annotationKeys: undefined }).hindrance?.what ?? "",
      /a static pod has none$/,
    );
  });

  it("are read from JSON and from older versions too", () => {
    const config = {
      apiVersion: "kubelet.config.k8s.io/v1alpha1",
      kind: "CredentialProviderConfig",
      providers: [
        { name: "a", matchImages: ["reg.example.com:5000"], apiVersion: "x", defaultCacheDuration: "1h" },
      ],
    };
    const [provider] = readCredentialProviders(Buffer.from(JSON.stringify(config)), "providers.json");
    assert.deepEqual(provider?.matchImages, ["reg.example.com:5000"]);
  });

  it("are refused with all problems of their file, and none of its text beyond names", () => {
    const wrong = sound
      .replace("kubelet.config.k8s.io/v1", "kubelet.config.k8s.io/v2")
      .replace("*.azurecr.io", "https://azurecr.io")
      .replace("azure/extra", "a b")
      .replace("name: acr", "nme: acr")
      .replace("requireServiceAccount: true", "requireServiceAccount: 'yes'");
    assert.equal(
      problemsIn(wrong),
      `providers.yaml: 6 problems
  apiVersion: is "kubelet.config.k8s.io/v2" (did you mean "kubelet.config.k8s.io/v1"?): give one of kubelet.config.k8s.io/v1, kubelet.config.k8s.io/v1beta1, kubelet.config.k8s.io/v1alpha1.
  providers[1].nme: is not a known name (did you mean "name"?). Expected one of: name, matchImages, defaultCacheDuration, apiVersion, args, env, tokenAttributes.
  providers[1].name: is missing.
  providers[1].matchImages[0]: "https://azurecr.io" matches no image: write host[:port][/path], without a scheme, "*" only in the host.
  providers[1].tokenAttributes.requireServiceAccount: is a string: give a boolean.
  providers[1].tokenAttributes.optionalServiceAccountAnnotationKeys[0]: "a b" is not a qualified name: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, and before them a domain and "/", or nothing.`,
    );
    assert.match(
      problemsIn(sound.replace("name: acr", "name: ecr-credential-provider")),
      /providers\[1\]\.name: is "ecr-credential-provider", as an earlier one is/,
    );
    assert.match(problemsIn("- a"), /the file: is a list: give a CredentialProviderConfig/);
    assert.match(problemsIn(""), /the file: is nothing/);
    assert.match(problemsIn("a: [c4n4ry"), /^"providers\.yaml" is not valid YAML: see line 1, column \d+\.$/);
    assert.match(problemsIn(`${sound}---\na: 1`), /has 2 documents: give one/);
    assert.match(problemsIn("a: &a [*a,*a]\nb: [*a]"), /aliases|not valid|is not a known name/);
  });
});
