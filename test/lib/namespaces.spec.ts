import assert from "node:assert/strict";
import { checkPlacement, type Placement } from "../../components/lib/namespaces";

const label =
  'is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.';
const kept = 'the key begins with "previous", which is reserved for rotation: choose another.';

describe("checkPlacement", () => {
  const valid: [title: string, placement: Placement, createNamespace: boolean][] = [
    ["the provider's namespace", { secretName: "pull" }, false],
    ["one namespace", { namespace: "shop", secretName: "pull" }, true],
    [
      "several",
      { namespaces: { a: "shop-a", b: "shop-b", previously: "shop-c" }, secretName: "my.pull" },
      true,
    ],
    ["a name of 235 characters", { namespace: "shop", secretName: "a".repeat(235) }, false],
  ];
  for (const [title, placement, createNamespace] of valid) {
    it(`takes ${title}`, () => {
      assert.deepEqual(checkPlacement(placement, createNamespace), []);
    });
  }

  const namespaces: [namespaces: Record<string, string | undefined>, problems: Record<string, string>][] = [
    [{}, { namespaces: "is empty: give at least one namespace." }],
    [{ default: "Shop" }, { "namespaces.default": `"Shop" ${label}` }],
    [{ default: "" }, { "namespaces.default": `"" ${label}` }],
    [{ only: "Shop" }, { "namespaces.only": `"Shop" ${label}` }],
    [{ default: "Shop", b: "b" }, { "namespaces.default": `"Shop" ${label}` }],
    [{ A: "a" }, { "namespaces.A": `the key "A" ${label}` }],
    [{ "": "a", b: "b" }, { 'namespaces[""]': `the key "" ${label}` }],
    [{ previous: "a" }, { "namespaces.previous": kept }],
    [{ "previous-a": "a" }, { "namespaces.previous-a": kept }],
    [{ a: "shop", b: "shop" }, { "namespaces.b": 'is "shop", as namespaces.a is: keep one of them.' }],
    [{ a: undefined, b: "" }, { "namespaces.b": `"" ${label}` }],
    [
      { A: "A", b: "B", c: "c" },
      { "namespaces.A": `the key "A" ${label}`, "namespaces.b": `"B" ${label}` },
    ],
  ];
  for (const [given, problems] of namespaces) {
    it(`says what is wrong with ${JSON.stringify(given)}`, () => {
      assert.deepEqual(pathsAndReasons({ namespaces: given, secretName: "pull" }), problems);
    });
  }

  for (const key of ["__proto__", "toString"]) {
    it(`refuses the key ${key} like any other that is no label`, () => {
      const given = JSON.parse(`{"${key}":"a","b":"b"}`) as Record<string, string>;
      assert.deepEqual(pathsAndReasons({ namespaces: given, secretName: "pull" }), {
        [`namespaces.${key}`]: `the key "${key}" ${label}`,
      });
    });
  }

  it("takes the key constructor, which is a label", () => {
    assert.deepEqual(pathsAndReasons({ namespaces: { constructor: "a" }, secretName: "pull" }), {});
  });

  it("needs the names of namespaces that it creates", () => {
    assert.deepEqual(pathsAndReasons({ secretName: "pull" }, true), {
      namespace: "is missing: createNamespace needs its name.",
    });
  });

  it("takes one namespace or several, not both", () => {
    assert.deepEqual(
      pathsAndReasons({ namespace: "shop", namespaces: { a: "shop-a" }, secretName: "pull" }),
      {
        namespaces: "is given along with `namespace`: keep one of the two.",
      },
    );
  });

  const subdomain =
    'is not a DNS-1123 subdomain: use at most 235 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.';
  const madeByTheCluster =
    "is created and refreshed by the cluster itself (Huawei CCE): choose another name, and list that Secret by a reference.";
  const secretNames: [secretName: string, reason: string][] = [
    ["", subdomain],
    ["Pull", subdomain],
    ["pull_secret", subdomain],
    ["a".repeat(236), subdomain],
    ["default-secret", madeByTheCluster],
    ["paas.elb", madeByTheCluster],
  ];
  for (const [secretName, reason] of secretNames) {
    it(`refuses ${JSON.stringify(secretName)} for the Secrets' name`, () => {
      assert.deepEqual(pathsAndReasons({ secretName }), {
        secretName: `"${secretName}" ${reason}`,
      });
    });
  }

  it("reports the name and the namespaces at once", () => {
    const paths = Object.keys(pathsAndReasons({ namespaces: { a: "A", b: "B" }, secretName: "P" }));
    assert.deepEqual(paths, ["secretName", "namespaces.a", "namespaces.b"]);
  });
});

function pathsAndReasons(placement: Placement, createNamespace?: boolean): Record<string, string> {
  const problems = checkPlacement(placement, createNamespace);
  return Object.fromEntries(problems.map(({ path, reason }) => [path, reason]));
}
