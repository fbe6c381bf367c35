import { AssertionError } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { servers } from "../components/lib/argumentShapes";
import { describeProblems, MessageError, printable, type Problem } from "../components/lib/problems";
import { isObject, kindOf } from "../components/lib/records";
import { resolvedProblems } from "../components/lib/valueProblems";
import { recordedImageProblems } from "./recordedImages";
import type { RecordedResource } from "./recordedResource";

/** Options of expectPullable. */
export interface ExpectPullableOptions {
  /** Servers whose images need no pull Secret: public ones, or those that the nodes log in to. Default none. */
  readonly serversWithoutSecret?: readonly string[];
}

const subject = "expectPullable";

/**
 * Asserts that kubelet has a login for every image of every workload that a program has made under Pulumi's mocks: a Secret
 * of the pod's namespace, which the pod or its ServiceAccount lists, holds a login whose server matches the image by
 * kubelet's rules. Asks no registry.
 *
 * Waits until the program has registered its resources: await the result. An error of the program rejects it too.
 *
 * @param resources the list to which `newResource` of the mocks adds what it is given. Don't pass a copy, which could be
 * incomplete.
 * @throws AssertionError (rejects) with all problems at once. Each names the workload, the image, the nearest server and why it
 * does not match, and never a username or password.
 * @throws MessageError (rejects) if the arguments are wrong, or if there is no workload among the resources, so that nothing was
 * checked.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { expectPullable } from "kubernetes-private-registry/testing";
 *
 * export async function everyImageCanBePulled(program: () => unknown): Promise<void> {
 *   const resources: pulumi.runtime.MockResourceArgs[] = [];
 *   await pulumi.runtime.setMocks({
 *     newResource: (args) => {
 *       resources.push(args);
 *       return { id: args.name, state: args.inputs };
 *     },
 *     call: (args) => args.inputs,
 *   });
 *   program();
 *   await expectPullable(resources);
 * }
 * ```
 */
export async function expectPullable(
  resources: readonly RecordedResource[],
  options: ExpectPullableOptions = {},
): Promise<void> {
  const wrong = argumentProblems(resources, options);
  if (wrong.length > 0) {
    throw new MessageError(describeProblems(subject, wrong));
  }
  await programEnd(resources);
  const misrecorded = resourceProblems(resources);
  if (misrecorded.length > 0) {
    throw new MessageError(describeProblems(subject, misrecorded));
  }
  const { workloads, problems } = recordedImageProblems(resources, options.serversWithoutSecret ?? []);
  if (workloads === 0 && problems.length === 0) {
    throw new MessageError(describeProblems(subject, [{ path: "resources", reason: noWorkload(resources) }]));
  }
  if (problems.length > 0) {
    const hint = hasTransforms(resources) ? [transformsHint] : [];
    throw new AssertionError({ message: [describeProblems(subject, problems), ...hint].join("\n") });
  }
}

const transformsHint =
  "Pulumi's mocks do not run resource transforms, so that a pullSecretTransform has no effect under them.";

function argumentProblems(resources: unknown, options: unknown): Problem[] {
  const shape = { members: { serversWithoutSecret: servers } };
  return [
    ...(Array.isArray(resources)
      ? []
      : [
          {
            path: "resources",
            reason: `is ${kindOf(resources)}: give the list to which newResource of the mocks adds what it is given.`,
          },
        ]),
    ...resolvedProblems(options, { path: "options", shape, isRequired: false }),
  ];
}

function resourceProblems(resources: readonly unknown[]): Problem[] {
  return resources.flatMap((resource, index) => {
    const isRecorded =
      isObject(resource) &&
      typeof resource["type"] === "string" &&
      typeof resource["name"] === "string" &&
      isObject(resource["inputs"]);
    return isRecorded
      ? []
      : [
          {
            path: `resources[${index}]`,
            reason:
              "is not what newResource of the mocks is given: push its argument, with type, name and inputs.",
          },
        ];
  });
}

/** Waits as the engine does, until the program has registered all that it will; rejects with what fails meanwhile. */
async function programEnd(resources: readonly unknown[]): Promise<void> {
  const errors = new Set<unknown>();
  const collect = (error: unknown): void => {
    errors.add(error);
  };
  process.on("unhandledRejection", collect);
  try {
    let before: number;
    do {
      before = resources.length;
      await pulumi.runtime.disconnect();
      await new Promise((resolve) => setImmediate(resolve));
    } while (resources.length > before);
  } finally {
    process.off("unhandledRejection", collect);
  }
  const [error, ...others] = errors;
  if (others.length > 0) {
    const messages = [...errors].map((one) => (one instanceof Error ? one.message : String(one)));
    throw new AggregateError(errors, printable(messages.join("\n")));
  }
  if (errors.size > 0) {
    throw error;
  }
}

function noWorkload(resources: readonly RecordedResource[]): string {
  return resources.length === 0
    ? "is empty, so nothing was checked: have newResource of the mocks add its argument to it, and run the program before."
    : `has ${resources.length} resources, and none is a workload, so nothing was checked. Mocks don't show what is in a helm.v4.Chart, a Release, a yaml.v2.ConfigGroup or another remote component.`;
}

function hasTransforms(resources: readonly RecordedResource[]): boolean {
  return resources.some(
    ({ transforms }: RecordedResource & { transforms?: unknown }) =>
      Array.isArray(transforms) && transforms.length > 0,
  );
}
