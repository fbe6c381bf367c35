import { inOneLine } from "./problems";
import { isRecord } from "./records";

/**
 * How to find out why the wait for the operator has timed out, by the error of the Kubernetes provider; undefined for other errors.
 * The provider does not read the operator's reason, which is in the resource's events.
 *
 * @param inputs the resource's inputs as the provider has checked them
 */
export function syncTimeout(error: string, inputs: unknown): string | undefined {
  if (!/timed out waiting/i.test(error)) {
    return undefined;
  }
  const { kind, metadata } = recordIn(inputs);
  const { name, namespace } = recordIn(metadata);
  const resource = `${String(kind).toLowerCase()}/${String(name)}`;
  const options = typeof namespace === "string" ? ` --namespace ${namespace}` : "";
  return inOneLine(
    `External Secrets Operator has not created the Secret in time. kubectl describe ${resource}${options} shows why, in the events at its end; the next preview has the reason in short. If there are no events, no operator handles the store: check that one runs, and the \`controller\` of the store.`,
  );
}

/** Why the operator could not make the Secrets, by a resource's outputs in the stack's state; undefined if it could. */
export function heldSyncFailure(outputs: unknown): string | undefined {
  const { conditions, failedNamespaces } = recordIn(recordIn(outputs)["status"]);
  const failure = recordsIn(conditions).find(({ type, status }) => type === "Ready" && status === "False");
  if (failure === undefined) {
    return undefined;
  }
  const namespaces = recordsIn(failedNamespaces).map(
    ({ namespace, reason }) => `${String(namespace)}: ${String(reason)}`,
  );
  const words = [String(failure["message"]), ...namespaces].join("; ");
  return `External Secrets Operator could not sync the Secret when Pulumi last looked: ${words}. Unless that has been corrected since, this \`up\` times out too.`;
}

function recordIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : []).filter(isRecord);
}
