import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, parseAllDocuments } from "yaml";

const root = resolve(__dirname, "..");
const example = (file: string): string => readFileSync(join(root, "examples/renewal", file), "utf8");

/** Of a token of Amazon ECR, which lives for 12 hours, in seconds: so two `up` in a row may fail. */
const quarterOfLifetime = 3 * 3600;

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: Record<string, unknown>;
  roleRef?: { name: string };
  subjects?: { name: string; namespace: string }[];
  rules?: { resourceNames?: string[]; verbs: string[] }[];
}

describe("examples/renewal", () => {
  const objects = parseAllDocuments(example("operator.yaml")).map((document) => document.toJS() as Manifest);
  const ofKind = (kind: string): Manifest[] => objects.filter((object) => object.kind === kind);
  const program = parse(example("yaml/Pulumi.yaml")) as {
    resources: Record<string, { properties: { namespaces: Record<string, string> } }>;
  };
  const [[secretName, { properties }] = ["", { properties: { namespaces: {} } }]] = Object.entries(
    program.resources,
  );
  const namespaces = Object.values(properties.namespaces);

  it("makes the same Secrets in TypeScript and YAML", () => {
    const source = example("typescript/index.ts");
    const [, name] = /new ImagePullSecret\("([^"]*)"/.exec(source) ?? [];
    const [, written = ""] = /namespaces: \{(.*)\}/.exec(source) ?? [];
    assert.equal(name, secretName);
    assert.deepEqual(
      [...written.matchAll(/"([^"]*)"/g)].map(([, namespace]) => namespace),
      namespaces,
    );
  });

  it("operator.yaml: the operator brings the stack up again without a commit, often enough", () => {
    const [stack] = ofKind("Stack");
    assert.equal(stack?.spec?.["continueResyncOnCommitMatch"], true);
    assert.ok(Number(stack.spec["resyncFrequencySeconds"]) <= quarterOfLifetime);
  });

  it("operator.yaml: the stack's account may write the Secrets of the program, and no other", () => {
    const [stack] = ofKind("Stack");
    const [account] = ofKind("ServiceAccount");
    assert.equal(stack?.spec?.["serviceAccountName"], account?.metadata.name);
    assert.equal(stack?.metadata.namespace, account?.metadata.namespace);
    const bindings = ofKind("RoleBinding");
    assert.deepEqual(
      bindings.map(({ metadata }) => metadata.namespace),
      namespaces,
    );
    for (const { roleRef, subjects } of bindings) {
      assert.equal(roleRef?.name, ofKind("ClusterRole")[0]?.metadata.name);
      assert.deepEqual(subjects, [{ kind: "ServiceAccount", ...account?.metadata }]);
    }
    const [role] = ofKind("ClusterRole");
    assert.deepEqual(
      role?.rules?.map(({ resourceNames, verbs }) => [resourceNames, verbs]),
      [
        [undefined, ["create"]],
        [[secretName], ["get", "patch"]],
      ],
    );
  });

  it("renew.yaml: the workflow brings the stack up often enough, with the actions that ours use", () => {
    const text = example("renew.yaml");
    const { on } = parse(text) as { on: { schedule: { cron: string }[] } };
    const [, hours = ""] = /^\d+ \*\/(\d+) \* \* \*$/.exec(on.schedule[0]?.cron ?? "") ?? [];
    assert.ok(Number(hours) > 0 && Number(hours) * 3600 <= quarterOfLifetime);
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, action = ""]) => action);
    const ours = ["ci", "release"].map((name) =>
      readFileSync(join(root, `.github/workflows/${name}.yml`), "utf8"),
    );
    const others = used.filter((action) => !ours.join("\n").includes(`uses: ${action}`));
    assert.equal(used.length, 4);
    assert.equal(others.length, 1);
    assert.match(others[0] ?? "", /^aws-actions\/configure-aws-credentials@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
