import assert from "node:assert/strict";
import { hidePasswords, holdsAny, secretTexts, shownForms } from "../../components/lib/pastedSecrets";

describe("secretTexts", () => {
  it("are the texts of a login that are secret, without white space around them", () => {
    const login = { server: "s", username: " u ", password: "p\n", email: "e", namespaces: ["n"] };
    assert.deepEqual(secretTexts(login), ["u", "p", "e"]);
    assert.deepEqual(secretTexts(login, ["password"]), ["p"]);
  });

  it("are none of what is no login, or has none", () => {
    for (const entry of [undefined, null, "text", ["u"], {}, { username: 1, password: " ", email: "" }]) {
      assert.deepEqual(secretTexts(entry), []);
    }
  });
});

describe("holdsAny", () => {
  it("finds a secret in upper and lower case", () => {
    assert.ok(holdsAny("a C4n4ry b", ["other", "c4N4ry"]));
    assert.ok(!holdsAny("canary", ["c4n4ry"]));
    assert.ok(!holdsAny("canary", []));
  });
});

describe("shownForms", () => {
  it("are the beginnings of secrets of 8 characters or more, as they are, as JSON and as a URL has them", () => {
    assert.deepEqual(shownForms(["seven77", 'eight"88']), ['eight"88', 'eight\\"88', "eight%2288"]);
    assert.deepEqual([...new Set(shownForms(["0123456789abcdefg"]))], ["0123456789abcdef"]);
  });

  it("end before half a character", () => {
    const [whole] = shownForms(["0123456789abcd\u{1f511}"]);
    const [cut] = shownForms(["0123456789abcde\u{1f511}"]);
    assert.deepEqual([whole, cut], ["0123456789abcd\u{1f511}", "0123456789abcde"]);
  });
});

describe("hidePasswords", () => {
  const registries = [[{ username: "janedoe-user", password: "c4n4ry-password" }, "text"], undefined, {}];
  const hidden = "holds a password of the registries: take it out.";

  it("takes a password out of reason and path, and shows the rest of both", () => {
    const problems = [
      { path: "workloads.web.image", reason: "is C4N4RY-password" },
      { path: "workloads.c4n4ry-password[0].image", reason: "is wrong" },
      { path: "myregistries.web", reason: "is c4n4ry-password" },
      { path: "workloads.web", reason: "is janedoe-user" },
    ];
    assert.deepEqual(hidePasswords(problems, registries), [
      { path: "workloads.web.image", reason: hidden },
      { path: "workloads", reason: hidden },
      { path: "myregistries.web", reason: hidden },
      { path: "workloads.web", reason: "is janedoe-user" },
    ]);
  });

  it("leaves problems of the registries as they are", () => {
    for (const path of ["registries[0].password", "previousRegistries[0]", "registries"]) {
      const problem = { path, reason: "says c4n4ry-password" };
      assert.deepEqual(hidePasswords([problem], registries), [problem]);
    }
  });
});
