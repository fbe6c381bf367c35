import * as pulumi from "@pulumi/pulumi";
import { type PullSecretArgs, type PullSecretReference, Rotation, type Verification } from "./args";
import { adoptedIds } from "./internal/adoption";
import { withChangeHooks } from "./internal/changeHooks";
import { componentInputs, secretLogins, withSecretLogins } from "./internal/componentInputs";
import { handedDownBy } from "./internal/handDown";
import { after } from "./internal/inputs";
import { requireMutableSecrets } from "./internal/mutableSecrets";
import { checkNamespaces, shownNames } from "./internal/namespaces";
import { stateCanBeRead } from "./internal/objectOwners";
import { readArguments } from "./internal/readArguments";
import {
  createSecrets,
  type Generation,
  nameOfGeneration,
  rememberSecretNames,
  secretContents,
  type SecretNames,
  secretsElsewhere,
} from "./internal/secrets";
import { createServiceAccounts } from "./internal/serviceAccounts";
import { imagePullSecretShape } from "./lib/argumentShapes";
import { givesOutgoingLogins } from "./lib/logins/loginSources";
import { namespacesByKey } from "./lib/namespaces";
import { ownMember } from "./lib/records";
import type { Generations } from "./lib/secretContents";

/** Arguments of an ImagePullSecret. */
export interface ImagePullSecretArgs extends PullSecretArgs {
  /** The namespace of the Secret. Default the provider's. */
  namespace?: pulumi.Input<string>;
  /** Whether to ask each registry, at preview and up, if it accepts its login; skips servers with `*`. Default off. */
  verify?: Verification;
  /** Labels of the Secrets. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of the Secrets. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Registry credentials as `kubernetes.io/dockerconfigjson` Secrets, one in each namespace, all with the same name and byte
 * for byte what `kubectl create secret docker-registry` writes.
 *
 * Reports all problems of its arguments at once, and then creates nothing.
 *
 * @example
 * ```ts
 * import { Config } from "@pulumi/pulumi";
 * import { ImagePullSecret } from "kubernetes-private-registry";
 *
 * const password = new Config().requireSecret("registryPassword");
 * const pullSecret = new ImagePullSecret("registry-login", {
 *   registries: [{ server: "www.3rdregistry.com", username: "janedoe", password }],
 *   namespaces: { web: "shop-web", jobs: "shop-jobs" },
 * });
 * export const secretName = pullSecret.secretName;
 * ```
 */
export class ImagePullSecret extends pulumi.ComponentResource {
  /** Name of the current Secret, the same in every namespace. */
  public readonly secretName: pulumi.Output<string>;
  /** What a workload needs to use the Secrets, with the servers that the Secrets of all namespaces share. */
  public readonly reference: pulumi.Output<PullSecretReference>;
  /** The same by namespace key (`default` for a single namespace), with all servers of that namespace's Secret. */
  public readonly references: pulumi.Output<Record<string, PullSecretReference>>;
  /** The namespaces by the same keys; empty for the provider's. */
  public readonly namespaces: pulumi.Output<Record<string, string>>;
  /** All servers with a login; not secret. */
  public readonly servers: pulumi.Output<string[]>;

  constructor(name: string, args: ImagePullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "kubernetes-private-registry:index:ImagePullSecret",
      name,
      withSecretLogins(componentInputs(args)),
      withChangeHooks("ImagePullSecret", opts),
    );
    const subject = `ImagePullSecret "${name}"`;
    const { checkedArgs, outputsChecked } = readArguments(subject, args, imagePullSecretShape, this);
    const secretName = checkedArgs.secretName ?? name;
    const isVersioned = (checkedArgs.rotation ?? Rotation.Versioned) === Rotation.Versioned;
    const isCreated = checkedArgs.createSecrets !== false;
    if (isCreated && !isVersioned) {
      requireMutableSecrets(this, subject);
    }
    const fromParent = handedDownBy(opts?.parent);
    const placement = { ...checkedArgs, secretName, isVersioned };
    const adopted = fromParent?.adoptedIds ?? adoptedIds(this, subject, placement);
    const namespaceNames = checkNamespaces(this, subject, placement);
    const namespaceKeys = Object.keys(namespacesByKey(checkedArgs));

    const contents = secretContents(this, subject, after(outputsChecked, secretLogins(checkedArgs)), {
      namespaceKeys,
      verify: checkedArgs.verify,
      expiryWarningDays: checkedArgs.expiryWarningDays,
      checkedByParent: fromParent?.generations,
    });
    const generations: Generation[] = givesOutgoingLogins(checkedArgs)
      ? ["current", "previous"]
      : ["current"];
    const checkedContents = after(namespaceNames, contents);
    const secrets = generations.map((generation) =>
      isCreated
        ? createSecrets(this, name, checkedArgs, {
            generation,
            secretName,
            isVersioned,
            contents: after(stateCanBeRead(), checkedContents),
            adoptedIds: adopted,
            createdNamespaces: fromParent?.createdNamespaces ?? {},
          })
        : secretsElsewhere(namespaceKeys, nameOfGeneration(secretName, generation), checkedContents),
    );
    const secretNames: SecretNames = Object.fromEntries(
      namespaceKeys.map((key) => [key, secrets.map((byKey) => byKey[key] as pulumi.Output<string>)]),
    );
    rememberSecretNames(this, secretNames);
    createServiceAccounts(this, name, checkedArgs, { namespaceNames, secretNames });

    const servers = pulumi.unsecret(contents.apply((known) => serversByKey(known, namespaceKeys)));
    const nameOfEach = secrets.map((byKey) =>
      pulumi.all(Object.values(byKey)).apply(([first = ""]) => first),
    );
    const stability = isVersioned ? { stableNames: false } : {};
    this.secretName = pulumi.output(nameOfEach[0] ?? "");
    this.reference = pulumi.output({
      secretNames: nameOfEach,
      servers: servers.apply(inEveryNamespace),
      ...stability,
    });
    this.references = pulumi.output(
      Object.fromEntries(
        Object.entries(secretNames).map(([key, secretNames]) => [
          key,
          { secretNames, servers: servers.apply((byKey) => ownMember(byKey, key) ?? []), ...stability },
        ]),
      ),
    );
    this.servers = servers.apply((byKey) => [...new Set(Object.values(byKey).flat())]);
    this.namespaces = shownNames(namespaceNames, namespaceKeys);
    this.registerOutputs({
      secretName: this.secretName,
      reference: this.reference,
      references: this.references,
      namespaces: this.namespaces,
      servers: this.servers,
    });
  }
}

function serversByKey({ current, previous }: Generations, namespaceKeys: string[]): Record<string, string[]> {
  return Object.fromEntries(
    namespaceKeys.map((key) => {
      const servers = [current, previous].flatMap(
        (generation) => ownMember(generation?.servers ?? {}, key) ?? [],
      );
      return [key, [...new Set(servers)]];
    }),
  );
}

function inEveryNamespace(servers: Record<string, string[]>): string[] {
  const [first = [], ...others] = Object.values(servers);
  return first.filter((server) => others.every((list) => list.includes(server)));
}
