import assert from "node:assert/strict";
import { hidePasswords } from "../../components/lib/hidePasswords";
import * as registryPresets from "../../components/lib/logins/registryPresets";
import { passwordsIn, secretsIn } from "../../components/lib/secretTexts";
import { maxSecretSize } from "../../components/lib/secretSize";
import { base64, ecrTokenUntil, googleKeyOf, huaweiKeys } from "../support/secrets/cloudSecrets";

describe("the secrets in a source of logins", () => {
  it("are the texts of a login, without white space around them", () => {
    const login = { server: "s", username: " u ", password: "p\n", email: "e", namespaces: ["n"] };
    assert.deepEqual(secretsIn([login]), ["p", "u", "e"]);
    assert.deepEqual(passwordsIn([login]), ["p"]);
  });

  it("are empty for what is not a login, or has no such texts", () => {
    for (const source of [undefined, null, {}, 7, [undefined], [null], ["text"], [["u"]], [{}]]) {
      assert.deepEqual(secretsIn(source), []);
    }
    assert.deepEqual(
      secretsIn([{ username: 1, password: " ", email: "", huaweiSwr: "x", ecrToken: {} }]),
      [],
    );
  });

  it("are access keys, tokens and keys, with what is in them and derived from them", () => {
    assert.deepEqual(passwordsIn([{ huaweiSwr: huaweiKeys }]), [
      huaweiKeys.secretKey,
      registryPresets.huaweiSwr(huaweiKeys).password,
    ]);
    assert.deepEqual(passwordsIn([{ ecrToken: base64("AWS:c4n4ry") }]), [base64("AWS:c4n4ry"), "c4n4ry"]);
    const line = "c4n4ry-private-key-of-one-line-0123456789";
    for (const googleKey of [googleKeyOf(), base64(googleKeyOf()), JSON.parse(googleKeyOf()) as object]) {
      assert.deepEqual(passwordsIn([{ googleKey }]), [
        typeof googleKey === "string" ? googleKey.trim() : JSON.stringify(googleKey),
        JSON.stringify(JSON.parse(googleKeyOf())),
        line,
      ]);
    }
    assert.deepEqual(passwordsIn([{ googleKey: "c4n4ry: no key" }]), ["c4n4ry: no key"]);
  });

  const token = "c4n4ry-token-as-username";
  const config = JSON.stringify({
    auths: {
      "a.io": { auth: base64(`${token}:c4n4ry-password`) },
      "b.io": { username: "janedoe", password: " other-c4n4ry ", email: "e@example.com" },
    },
  });

  it("are the logins of a config.json and its text; of user names those that are long", () => {
    assert.deepEqual(passwordsIn(config), [config, "c4n4ry-password", "other-c4n4ry", token]);
    assert.deepEqual(secretsIn(config).slice(4), [token, "janedoe", "e@example.com"]);
    assert.deepEqual(passwordsIn("{ no JSON"), ["{ no JSON"]);
  });

  it("are the user names of a config.json from 20 characters on", () => {
    const names = ["0123456789-username", "0123456789-user-name"];
    const auths = Object.fromEntries(
      names.map((username) => [`${username}.io`, { username, password: "p" }]),
    );
    const text = JSON.stringify({ auths });
    assert.deepEqual(passwordsIn(text), [text, "p", "p", "0123456789-user-name"]);
  });

  it("are the text alone of a config.json that is larger than a Secret", () => {
    assert.deepEqual(passwordsIn(config.padEnd(maxSecretSize)), passwordsIn(config));
    assert.deepEqual(passwordsIn(config.padEnd(maxSecretSize + 1)), [config]);
  });

  it("are the lines of a private key above 16 characters", () => {
    const linesOf = (privateKey: string) => passwordsIn([{ googleKey: googleKeyOf(privateKey) }]).slice(2);
    assert.deepEqual(linesOf("0123456789abcdef"), []);
    assert.deepEqual(linesOf("0123456789abcdefg\n0123456789abcdefh"), [
      "0123456789abcdefg",
      "0123456789abcdefh",
    ]);
  });

  const pasted: [what: string, source: unknown, text: string][] = [
    ["a secret key", [{ huaweiSwr: huaweiKeys }], huaweiKeys.secretKey],
    ["a token", [{ ecrToken: ecrTokenUntil("2027-01-01T00:00:00Z") }], ecrTokenUntil("2027-01-01T00:00:00Z")],
    ["the password in a token", [{ ecrToken: base64("AWS:c4n4ry-password") }], "c4n4ry-password"],
    ["a key", [{ googleKey: googleKeyOf() }], JSON.stringify(JSON.parse(googleKeyOf()))],
    ["a line of a private key", [{ googleKey: googleKeyOf() }], "c4n4ry-private-key-of-one-line-0123456789"],
    ["a config.json", config, config],
    ["a password of a config.json", config, "c4n4ry-password"],
    ["an auth of a config.json", config, base64(`${token}:c4n4ry-password`)],
    ["a long user name of a config.json", config, token],
  ];
  for (const [what, source, text] of pasted) {
    it(`${what} is hidden where it was pasted into another argument`, () => {
      const problem = { path: "namespace", reason: `${JSON.stringify(text)} is not a DNS-1123 label` };
      assert.deepEqual(hidePasswords([problem], [source]), [
        { path: "namespace", reason: "contains a password from the registries: remove it." },
      ]);
    });
  }

  it("a short user name of a config.json, which images may have too, hides nothing", () => {
    const problem = { path: "image", reason: 'no server matches "b.io/janedoe/app:v1".' };
    assert.deepEqual(hidePasswords([problem], [config]), [problem]);
  });
});
