import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { kubectl, run, setting } from "./commands";

const build = join(__dirname, "..", "operator", "build.sh");

/** External Secrets Operator, built once: its reconcilers, and its fake store and generator alone. */
export class ExternalSecretsOperator {
  readonly #folder: string;
  #process: ChildProcess | undefined;

  constructor() {
    this.#folder = execFileSync(build, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
  }

  /** The stores that this operator serves, and no other in the cluster. */
  get controllerClass(): string {
    return setting("E2E_RUN");
  }

  /** Reconciles in the cluster of KUBECONFIG, where CRDs that are missing are made, and stay when the tests have ended. */
  async start(): Promise<void> {
    const crds = `--filename=${this.#folder}/crds.yaml`;
    await kubectl("get", crds).catch(() => kubectl("apply", "--server-side", crds));
    await kubectl("wait", "--for=condition=Established", crds);
    this.#process = spawn(this.#program, [this.controllerClass], { stdio: ["pipe", "ignore", "ignore"] });
  }

  stop(): void {
    this.#process?.stdin?.end();
  }

  /** A template's text, as the operator's own template engine renders it. */
  async render(template: string, data: Record<string, string>): Promise<string> {
    const input = JSON.stringify({ template: { text: template }, data });
    const { text } = JSON.parse(await run(this.#program, ["render"], input)) as { text: string };
    return Buffer.from(text, "base64").toString();
  }

  get #program(): string {
    return join(this.#folder, "external-secrets");
  }
}

/** A store with these values, of a namespace or, without one, of the cluster. */
export async function applyStore(
  { controllerClass }: ExternalSecretsOperator,
  { name, namespace }: { name: string; namespace?: string },
  values: Record<string, string>,
): Promise<void> {
  const data = Object.entries(values).map(([key, value]) => ({ key, value }));
  const store = {
    apiVersion: "external-secrets.io/v1",
    kind: namespace === undefined ? "ClusterSecretStore" : "SecretStore",
    metadata: { name, namespace },
    spec: { controller: controllerClass, provider: { fake: { data } } },
  };
  await run("kubectl", ["apply", "--filename=-"], JSON.stringify(store));
}
