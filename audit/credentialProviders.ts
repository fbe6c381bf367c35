import { registryKey } from "../components/lib/kubelet/serverMatching";
import { qualifiedNameProblem } from "../components/lib/kubernetesNames";
import { describeProblems, type Problem, quote } from "../components/lib/problems";
import { isObject, kindOf } from "../components/lib/records";
import { checkShape, type Shape } from "../components/lib/shape";
import { readStackYaml, StackYamlError } from "../program/stackYaml";
import { AuditError } from "./auditError";

/** A credential provider of the nodes. */
export interface CredentialProvider {
  name: string;
  matchImages: string[];
  /** Given if kubelet hands it a token of the pod's ServiceAccount. */
  tokenAttributes?: { requireServiceAccount: boolean; requiredServiceAccountAnnotationKeys?: string[] };
}

const versions = ["v1", "v1beta1", "v1alpha1"];
const group = "kubelet.config.k8s.io";

const provider: Shape = {
  members: {
    name: "string",
    matchImages: {
      listOf: { text: matchImageProblem },
      ifEmpty: "is empty: give at least one image to match.",
    },
    defaultCacheDuration: "anything",
    apiVersion: "string",
    args: "anything",
    env: "anything",
    tokenAttributes: {
      members: {
        serviceAccountTokenAudience: "string",
        cacheType: { oneOf: ["ServiceAccount", "Token"] },
        requireServiceAccount: "boolean",
        requiredServiceAccountAnnotationKeys: { listOf: { text: annotationKeyProblem } },
        optionalServiceAccountAnnotationKeys: { listOf: { text: annotationKeyProblem } },
      },
      required: ["serviceAccountTokenAudience", "requireServiceAccount"],
    },
  },
  required: ["name", "matchImages"],
};

const config: Shape = {
  members: {
    apiVersion: { oneOf: versions.map((version) => `${group}/${version}`) },
    kind: { oneOf: ["CredentialProviderConfig"] },
    providers: { listOf: provider, ifEmpty: "is empty: kubelet does not start with such a file." },
  },
  required: ["apiVersion", "kind", "providers"],
};

/**
 * Reads the file that kubelet has in `--image-credential-provider-config`, in YAML or JSON.
 *
 * @param shown the file's name, for errors
 * @throws AuditError with all problems of what the audit uses of it
 * @see kubernetes pkg/credentialprovider/plugin/config.go, validateCredentialProviderConfig
 */
export function readCredentialProviders(file: Buffer, shown: string): CredentialProvider[] {
  const value = parse(file, shown);
  const problems: Problem[] = isObject(value)
    ? checkShape(value, config, "")
    : [{ path: "the file", reason: `is ${kindOf(value)}: give a CredentialProviderConfig.` }];
  if (problems.length === 0) {
    problems.push(...repeatedNames(value as { providers: CredentialProvider[] }));
  }
  if (problems.length > 0) {
    throw new AuditError(
      describeProblems(
        shown,
        problems.map(({ path, reason }) => ({ path: path === "" ? "the file" : path, reason })),
      ),
    );
  }
  return (value as { providers: CredentialProvider[] }).providers;
}

function parse(file: Buffer, shown: string): unknown {
  try {
    const documents = readStackYaml(file);
    if (documents.length > 1) {
      throw new AuditError(`${quote(shown)} has ${documents.length} documents: give one.`);
    }
    return documents[0];
  } catch (error) {
    throw error instanceof StackYamlError ? new AuditError(`${quote(shown)} ${error.message}`) : error;
  }
}

function repeatedNames({ providers }: { providers: CredentialProvider[] }): Problem[] {
  const names = providers.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [
          {
            path: `providers[${index}].name`,
            reason: `is ${quote(name)}, as an earlier one is: kubelet does not start then.`,
          },
        ]
      : [],
  );
}

/** Kubelet takes such a text, and then matches no image with it. */
function matchImageProblem(text: string): string | undefined {
  return text.includes("://") || registryKey(text) === undefined
    ? `${quote(text)} matches no image: write host[:port][/path], without a scheme, "*" only in the host.`
    : undefined;
}

function annotationKeyProblem(text: string): string | undefined {
  return qualifiedNameProblem(text.toLowerCase());
}
