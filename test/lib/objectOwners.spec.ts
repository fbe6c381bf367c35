import assert from "node:assert/strict";
import {
  conflictProblem,
  ownedObject,
  type OwnedObject,
  ownerProblem,
  recreationReason,
} from "../../components/lib/objectOwners";

const secretType = "kubernetes-private-registry:index:ImagePullSecret$kubernetes:core/v1:Secret";

function urn(name: string, type = secretType): string {
  return `urn:pulumi:prod::shop::${type}::${name}`;
}

function secret(name: string, password: string, immutable = true, namespace: unknown = "shop"): OwnedObject {
  const data = { ".dockerconfigjson": password };
  const object = ownedObject(urn(name), { metadata: { name: "login", namespace }, data, immutable });
  assert.ok(object);
  return object;
}

function problem(created: OwnedObject, held: OwnedObject[], owners: Record<string, string> = {}) {
  return ownerProblem(created, "apps", held, (urn) => owners[urn]);
}

describe("ownerProblem", () => {
  it("is none where nothing in the stack is the object", () => {
    assert.equal(problem(secret("apps-new", "a"), []), undefined);
    assert.equal(problem(secret("apps-new", "a"), [secret("apps-old", "a", true, "other")]), undefined);
  });

  it("is a child of the same component that the program has no more, with the command that renames it", () => {
    for (const old of ["apps", "apps-old", "apps/old"]) {
      assert.equal(
        problem(secret("apps-new", "a"), [secret(old, "b")]),
        `Secret "shop/login" is already in this stack, as "${old}", and removing that resource would delete it. To rename a key of \`namespaces\`, rename the resource with it: \`pulumi state rename '${urn(old)}' apps-new\`. To move from \`namespace\` to \`namespaces\`, give the first namespace the key "default".`,
      );
    }
  });

  it("is a child of the same component that takes another namespace", () => {
    assert.equal(
      problem(secret("apps-b", "a"), [secret("apps-a", "a")], { [urn("apps-a")]: "apps" }),
      'Secret "shop/login" is already in this stack, as "apps-a", and removing that resource would delete it. Two keys of `namespaces` can\'t swap names: give this namespace a new key.',
    );
  });

  it("is none of another component's children, which may be in another cluster", () => {
    assert.equal(
      problem(secret("apps", "a"), [secret("apps-us", "a")], { [urn("apps-us")]: "apps-us" }),
      undefined,
    );
    assert.equal(problem(secret("apps", "a"), [secret("appstore", "a")]), undefined);
    const other = { ...secret("apps", "a"), urn: urn("apps", "kubernetes:core/v1:Secret") };
    assert.equal(problem(secret("apps", "a"), [other]), undefined);
  });

  it("is a Secret of the same name and another content, and not one that moves to another cluster as it is", () => {
    assert.match(
      problem(secret("apps", "a"), [secret("apps", "b")]) ?? "",
      /^Secret "shop\/login" differs from what the program has, and is immutable: /,
    );
    assert.match(
      problem(secret("apps", "a", false), [secret("apps", "b", false)]) ?? "",
      /`enableSecretMutable: true`/,
    );
    assert.equal(problem(secret("apps", "a"), [secret("apps", "a")]), undefined);
  });

  it("is none where the content of either is not known", () => {
    const known = secret("apps", "a");
    const unknown = { ...known, content: undefined };
    assert.equal(problem(unknown, [known]), undefined);
    assert.equal(problem(known, [unknown]), undefined);
  });

  it("takes what the provider's namespace is called where none is given", () => {
    const [created, held] = [secret("apps-b", "a", true, null), secret("apps-a", "a", true, "default")];
    assert.match(problem(created, [held]) ?? "", /^Secret "login" is already in this stack/);
  });

  it("shows no content", () => {
    const problems = [
      secret("apps", "c4n4ry", true),
      secret("apps", "c4n4ry", false),
      secret("apps-b", "c4n4ry"),
    ].map((created) => problem(created, [secret("apps", "other c4n4ry")]) ?? "");
    assert.ok(problems.every((text) => text !== "" && !text.includes("c4n4ry")));
  });
});

describe("recreationReason", () => {
  it("is that of an object which the resource has under the same name", () => {
    assert.match(
      recreationReason(secret("apps", "a"), [secret("apps-us", "a"), secret("apps", "a")]) ?? "",
      /^Secret "shop\/login" is created again: .* changed it by hand/,
    );
    assert.equal(recreationReason(secret("apps", "a"), [secret("apps-us", "a")]), undefined);
    assert.equal(
      recreationReason(secret("apps", "a"), [{ ...secret("apps", "a"), name: "another" }]),
      undefined,
    );
  });
});

describe("conflictProblem", () => {
  it("says what a field conflict means, and nothing of another error", () => {
    for (const count of ["1 conflict", "12 conflicts"]) {
      const error = `Apply failed with ${count}: conflict with "kubectl-replace" using v1: .data`;
      assert.match(
        conflictProblem(urn("team::apps"), error) ?? "",
        /^"team::apps" has values .* set the password that works now/,
      );
    }
    assert.equal(conflictProblem(urn("apps"), 'secrets "shop" already exists'), undefined);
  });
});

describe("ownedObject", () => {
  it("is undefined where the name is not known, or nothing is", () => {
    for (const properties of [
      undefined,
      null,
      [],
      {},
      { metadata: null },
      { metadata: { name: Symbol("unknown") } },
    ]) {
      assert.equal(ownedObject(urn("apps"), properties), undefined);
    }
  });

  it("has no content where that is not known", () => {
    const object = ownedObject(urn("apps"), { metadata: { name: "login" }, data: Symbol("unknown") });
    assert.deepEqual(object, {
      urn: urn("apps"),
      name: "login",
      namespace: undefined,
      content: undefined,
      isImmutable: false,
    });
  });
});
