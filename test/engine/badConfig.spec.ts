import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Node, parse, Scalar, visit } from "yaml";
import { type Breakage, breakages, broken, pathOf, type Place } from "../support/config/brokenConfigs";
import { assertFit, names } from "../support/config/configMessage";
import { leaksIn } from "../support/secrets/leaks";
import { copyProject, type ProjectCopy, type Run } from "../support/engine/projectCopy";
import { type ConfigValues, passwords, soundConfig } from "../support/config/soundConfig";

const prefix = "kubernetes-private-registry:";

/** What is refused before the config is read: by the types in Pulumi.yaml, as no YAML, or as a secret in clear text. */
const refusedByEngine = {
  places:
    /^$|^(registries|previousRegistries)(\[\d\])?$|\.(password|secretKey|ecrToken|googleKey)$|ockerConfigJson$|^(createNamespace|rotation|verify)$/,
  texts: /half|one byte|direction|huge|thousands|deep|password as a key/,
};

const secretKeys = /^(password|secretKey|ecrToken|googleKey|dockerConfigJson|previousDockerConfigJson)$/;

/** Large parts of the config, and what others are checked against: broken, they would keep others from being named. */
const largeParts = /^(namespaces|workloads(\.\w+)?)$/;

describe("a broken config, by the CLI", () => {
  let project: ProjectCopy;
  /** Passwords as a stack file has them, by what they are. */
  let encrypted: Map<unknown, unknown>;

  before(async () => {
    project = copyProject();
    const secrets = Object.values(passwords).flatMap((password, index) => [
      "--secret",
      `passwords[${index}]=${password}`,
    ]);
    const { code, output } = await project.pulumi("config", "set-all", "--path", ...secrets);
    assert.equal(code, 0, output);
    const { config } = parse(project.stackFile()) as { config: Record<string, unknown[]> };
    encrypted = new Map(
      Object.values(passwords).map((password, index) => [password, config[`${prefix}passwords`]?.[index]]),
    );
  });

  after(() => {
    project.remove();
  });

  /** Brings the stack up with a config, where the passwords are encrypted. */
  function up(values: ConfigValues): Promise<Run> {
    const config = JSON.stringify(values, (key, value: unknown) =>
      secretKeys.test(key) ? (encrypted.get(value) ?? value) : value,
    );
    project.editStack((stack) => {
      const keyed = Object.entries(JSON.parse(config) as object).map(([key, value]) => [
        prefix + key,
        value as unknown,
      ]);
      stack.set("config", inQuotes(stack.createNode(Object.fromEntries(keyed))));
    });
    return project.pulumi("up", "--yes", "--skip-preview");
  }

  function assertNothingMade({ code, output }: Run): void {
    assert.ok(code === 255 || code === 1, `exit code ${code}: ${output}`);
    assert.doesNotMatch(output, /^\s+at .+:\d+:\d+|TypeError|RangeError/m);
    assert.doesNotMatch(output, /[^\P{C}\n]/u);
    assert.deepEqual(leaksIn(output, passwords), []);
    assert.equal(existsSync(join(project.folder, "manifests")), false);
    const state = readFileSync(
      join(project.folder, ".pulumi-local/.pulumi/stacks/kubernetes-private-registry/local.json"),
      "utf8",
    );
    assert.doesNotMatch(state, /kubernetes:(core|apps)|random:index/);
  }

  const usable = breakages().filter(
    ({ what, place }) =>
      !refusedByEngine.places.test(pathOf(place)) &&
      !refusedByEngine.texts.test(what) &&
      !largeParts.test(pathOf(place)),
  );

  it("is refused with each place named, of many kinds at once", async () => {
    await fc.assert(
      fc.asyncProperty(apart(usable), async (found) => {
        const values = found.reduce((config, { place, value }) => broken(config, place, value), soundConfig);
        const run = await up(values);
        assertNothingMade(run);
        const message = messageIn(run.output);
        assertFit(message);
        for (const { what, place, value } of found) {
          assert.ok(names(message, place, value), `${what} at ${pathOf(place)} in ${message}`);
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it("is refused with hostile and deep parts named", async () => {
    const hostileKeys = { "a b\u001b[31m": "x", ["__proto__"]: "x", constructor: "x" };
    const deep = Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], "x");
    const run = await up(
      broken({ ...soundConfig, ...hostileKeys }, ["workloads", "web", "podSpec", "x"], deep),
    );
    assertNothingMade(run);
    const message = messageIn(run.output);
    assertFit(message);
    const paths = message.split("\n").map((line) => line.trim().replace(/: .*/, ""));
    assert.deepEqual(paths.slice(1), [
      "__proto__",
      String.raw`["a b\u001b[31m"]`,
      "constructor",
      "workloads.web.podSpec",
    ]);
  });

  it("is refused by the engine for a type that is not the one in Pulumi.yaml", async () => {
    const run = await up({ ...soundConfig, createNamespace: "x" });
    assertNothingMade(run);
    assert.match(run.output, /configuration key 'createNamespace' must be of type 'boolean'/);
  });
});

interface Found {
  what: string;
  place: Place;
  value: unknown;
}

/** As many breakages as there are places of which none is in another. */
function apart(all: Breakage[]): fc.Arbitrary<Found[]> {
  return fc.noBias(fc.shuffledSubarray(all, { minLength: all.length })).chain((shuffled) => {
    const chosen: Breakage[] = [];
    for (const breakage of shuffled) {
      if (chosen.every(({ place }) => !isIn(place, breakage.place) && !isIn(breakage.place, place))) {
        chosen.push(breakage);
      }
    }
    return fc.tuple(
      ...chosen.map(({ what, place, value }) => value.map((found) => ({ what, place, value: found }))),
    );
  });
}

/** The message about the config in the output of the CLI, which indents it. */
function messageIn(output: string): string {
  const [, message = ""] = /^ {4}error: (The stack's config: .*\n(?: {6}.*\n)*)/m.exec(output) ?? [];
  return message.replace(/^ {4}/gm, "").trimEnd();
}

/** Texts in quotes, without which some are taken for times or numbers. */
function inQuotes(node: Node): Node {
  visit(node, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string") {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return node;
}

function isIn(place: Place, other: Place): boolean {
  return other.every((key, index) => place[index] === key);
}
