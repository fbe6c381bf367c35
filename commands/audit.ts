import { readFileSync } from "node:fs";
import { auditCluster, type AuditOptions } from "../audit/auditCluster";
import { type CredentialProvider, readCredentialProviders } from "../audit/credentialProviders";
import { withCluster } from "../audit/kubectl";
import { startProgress } from "../audit/progress";
import { jsonReport, tableReport } from "../audit/report";
import { serverProblem } from "../components/lib/kubelet/server";
import { dnsLabelProblem } from "../components/lib/kubernetesNames";
import { describeProblems, type Problem, quote } from "../components/lib/problems";
import { definedMembers } from "../components/lib/records";
import { defineCommand } from "./command";
import { CommandError, UsageError } from "./commandError";
import { orInterrupted } from "./interruption";
import { errorText } from "./runCommand";

const outputs = ["table", "json"];

/** The values of the options. */
export interface AuditValues {
  context?: string | undefined;
  namespace?: string | undefined;
  "no-secrets"?: boolean | undefined;
  "servers-without-secret"?: string[] | undefined;
  "credential-provider-config"?: string | undefined;
  verify?: boolean | undefined;
  output?: string | undefined;
}

export const command = defineCommand({
  summary: "Look at a running cluster, and say which images its pods can't pull, now or the next time",
  details: `Reads workloads, pods, ServiceAccounts and pull Secrets through kubectl, with your kubeconfig. Shows no
login, and changes nothing.

Exit code: 0 if it finds nothing, 1 if it finds something, 2 if it can't run or can't read everything.`,
  options: {
    context: {
      type: "string",
      placeholder: "NAME",
      help: "the kubeconfig's context; default: the current one",
    },
    namespace: { type: "string", placeholder: "NAME", help: "only this namespace; default: all" },
    verify: {
      type: "boolean",
      help: "ask the registries whether they accept the logins and have the images",
    },
    "servers-without-secret": {
      type: "string",
      multiple: true,
      placeholder: "SERVER",
      help: "images of this server need no pull Secret. Give it again for another server",
    },
    "credential-provider-config": {
      type: "string",
      placeholder: "FILE",
      help: "the file that kubelet has in --image-credential-provider-config",
    },
    "no-secrets": {
      type: "boolean",
      help: "read no Secret, and judge by names and by what kubelet reports",
    },
    output: { type: "string", placeholder: outputs.join("|"), help: "default: table" },
  },
  run: async (values) => {
    const problems = problemsOf(values);
    if (problems.length > 0) {
      throw new UsageError(describeProblems("audit", problems));
    }
    try {
      process.exitCode = await orInterrupted(audit(values));
    } catch (error) {
      // Code 1 says that something was found.
      throw error instanceof CommandError ? error : new CommandError(errorText(error), 2);
    }
  },
});

/** What is wrong with the values of the options. */
export function problemsOf(values: AuditValues): Problem[] {
  const { context, namespace, output } = values;
  const rules: [option: string, reason: string | undefined][] = [
    // kubectl would use the current context.
    ["--context", context === "" ? "is empty: give the name of a context." : undefined],
    ["--namespace", namespace === undefined ? undefined : dnsLabelProblem(namespace)],
    ...(values["servers-without-secret"] ?? []).map((server): [string, string | undefined] => [
      "--servers-without-secret",
      serverProblem(server),
    ]),
    [
      "--output",
      output === undefined || outputs.includes(output)
        ? undefined
        : `is ${quote(output)}: give ${outputs.join(" or ")}.`,
    ],
    [
      "--verify",
      values.verify === true && values["no-secrets"] === true
        ? "needs the Secrets: leave out --no-secrets."
        : undefined,
    ],
  ];
  return rules.flatMap(([path, reason]) => (reason === undefined ? [] : [{ path, reason }]));
}

/** @returns the exit code */
async function audit(values: AuditValues): Promise<number> {
  const { context, namespace, verify = false, output } = values;
  const file = values["credential-provider-config"];
  const providers = file === undefined ? [] : readProviderFile(file);
  const progress = startProgress();
  const options: AuditOptions = {
    ...definedMembers({ namespace }),
    ...progress.listeners,
    secrets: values["no-secrets"] !== true,
    verify,
    serversWithoutSecret: values["servers-without-secret"] ?? [],
    providers,
  };
  try {
    const report = await withCluster(context, ({ ask }) => auditCluster(ask, options));
    console.log(output === "json" ? jsonReport(report) : tableReport(report));
    return report.findings.length > 0 ? 1 : report.unread.length > 0 ? 2 : 0;
  } finally {
    progress.stop();
  }
}

function readProviderFile(path: string): CredentialProvider[] {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    const { code = "no reason given" } = error as NodeJS.ErrnoException;
    throw new CommandError(`${quote(path)} can't be read (${code}).`, 2);
  }
  return readCredentialProviders(file, path);
}
