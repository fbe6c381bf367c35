import assert from "node:assert/strict";
import { checkCredentials, type Credential } from "../../../components/lib/logins/credentials";
import * as registryPresets from "../../../components/lib/logins/registryPresets";
import type { Problem } from "../../../components/lib/problems";
import { base64, ecrTokenUntil, googleKeyOf, huaweiKeys } from "../../support/secrets/cloudSecrets";

const ecr = { server: "123456789012.dkr.ecr.eu-central-1.amazonaws.com", ecrToken: base64("AWS:c4n4ry") };
const oneLine = JSON.stringify(JSON.parse(googleKeyOf()));
const google = { server: "europe-west1-docker.pkg.dev", username: "_json_key", password: oneLine };

function credentialOf(entry: object): Credential | undefined {
  const { logins, problems } = checkCredentials([entry], "registries", ["shop"]);
  assert.deepEqual(problems, []);
  return logins[0]?.credential;
}

function problemsOf(entry: object): Problem[] {
  return checkCredentials([entry], "registries", ["shop"]).problems;
}

describe("a login with a secret other than a password", () => {
  const preset = registryPresets.huaweiSwr(huaweiKeys);
  const sound: [what: string, entry: object, credential: Credential][] = [
    ["access keys of Huawei Cloud", { huaweiSwr: huaweiKeys }, preset],
    [
      "access keys with a server of their own and the right user name",
      { huaweiSwr: huaweiKeys, server: "swr.example.com", username: preset.username },
      { ...preset, server: "swr.example.com" },
    ],
    ["a token of Amazon ECR", ecr, { server: ecr.server, username: "AWS", password: "c4n4ry" }],
    [
      "a token with its user name",
      { ...ecr, username: "AWS" },
      { server: ecr.server, username: "AWS", password: "c4n4ry" },
    ],
    [
      "a token that says when it expires",
      { ...ecr, ecrToken: ecrTokenUntil("2027-03-01T12:00:00Z") },
      {
        server: ecr.server,
        username: "AWS",
        password: Buffer.from(ecrTokenUntil("2027-03-01T12:00:00Z"), "base64").toString().slice(4),
        expiresAt: "2027-03-01T12:00:00Z",
      },
    ],
    [
      "a token with another time",
      { ...ecr, ecrToken: ecrTokenUntil("2027-03-01T12:00:00Z"), expiresAt: "2027-03-01T11:00:00Z" },
      {
        server: ecr.server,
        username: "AWS",
        password: Buffer.from(ecrTokenUntil("2027-03-01T12:00:00Z"), "base64").toString().slice(4),
        expiresAt: "2027-03-01T11:00:00Z",
      },
    ],
    ["a key in several lines", { server: google.server, googleKey: googleKeyOf() }, google],
    ["a key in one line", { server: google.server, googleKey: oneLine }, google],
    ["a key in base64", { server: google.server, googleKey: base64(googleKeyOf()) }, google],
    [
      "a key in base64 with line breaks",
      { server: google.server, googleKey: base64(googleKeyOf()).replace(/.{76}/g, "$&\r\n") },
      google,
    ],
    [
      "a key as the object that Pulumi YAML makes of it",
      { server: google.server, googleKey: JSON.parse(oneLine) as object },
      google,
    ],
    ["a key with a byte order mark", { server: google.server, googleKey: `\ufeff${googleKeyOf()}` }, google],
    [
      "a key with a byte order mark in base64",
      { server: google.server, googleKey: base64(`\ufeff${googleKeyOf()}`) },
      google,
    ],
    ["a key of 64 KiB", { server: google.server, googleKey: oneLine.padEnd(64 * 1024) }, google],
    [
      "a key for a namespace, with an email",
      {
        server: "gcr.io",
        googleKey: oneLine,
        username: "_json_key",
        namespaces: ["shop"],
        email: "e@example.com",
      },
      { ...google, server: "gcr.io", namespaces: ["shop"], email: "e@example.com" },
    ],
    [
      "a password, with the others given as nothing",
      { username: "u", password: "p", huaweiSwr: undefined, ecrToken: null },
      { server: "https://index.docker.io/v1/", username: "u", password: "p" },
    ],
  ];
  for (const [what, entry, credential] of sound) {
    it(`takes ${what}`, () => {
      assert.deepEqual(credentialOf(entry), credential);
    });
  }

  const notKey =
    "is not a service account's JSON key: give the text of the file that `gcloud iam service-accounts keys create` writes.";
  const notToken =
    "is not base64 of `AWS:<password>`: give the authorizationToken from GetAuthorizationToken unchanged.";
  const token = ecrTokenUntil("2027-03-01T12:00:00Z");
  const deepKey = `{"type":"service_account","private_key":"c4n4ry","a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  const refused: [what: string, entry: object, ...problems: [member: string, reason: string][]][] = [
    [
      "two secrets",
      { ...ecr, username: "AWS", password: "c4n4ry-password" },
      ["", "has password and ecrToken: give exactly one of password, huaweiSwr, ecrToken, googleKey."],
    ],
    [
      "all secrets",
      { ...ecr, password: "c4n4ry-password", googleKey: oneLine, huaweiSwr: huaweiKeys },
      [
        "",
        "has password and huaweiSwr and ecrToken and googleKey: give exactly one of password, huaweiSwr, ecrToken, googleKey.",
      ],
    ],
    [
      "another user name",
      { ...ecr, username: "c4n4ry-user" },
      [".username", "is not the one of ecrToken: remove it."],
    ],
    ["an empty user name", { ...ecr, username: "" }, [".username", "is empty."]],
    [
      "a user name of another region",
      { huaweiSwr: huaweiKeys, username: "cn-south-1@AKEXAMPLE0123456789" },
      [".username", "is not the one of huaweiSwr: remove it."],
    ],
    [
      "a token without a server",
      { ecrToken: ecr.ecrToken },
      [
        ".server",
        "is missing: give the registry's host, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com: the token does not name it.",
      ],
    ],
    [
      "a key without a server",
      { googleKey: oneLine },
      [
        ".server",
        "is missing: give the registry's host, such as europe-west1-docker.pkg.dev or gcr.io: the key does not name it.",
      ],
    ],
    [
      "a token that is nothing",
      { server: ecr.server, ecrToken: null },
      [".ecrToken", "is missing: give the authorizationToken from GetAuthorizationToken."],
    ],
    [
      "a key that is nothing",
      { server: "gcr.io", googleKey: null },
      [".googleKey", "is missing: give the JSON key of a service account."],
    ],
    [
      "access keys that are nothing",
      { huaweiSwr: null },
      [".huaweiSwr", "is nothing: give region, accessKey and secretKey."],
    ],
    ["a token that is none", { ...ecr, ecrToken: "c4n4ry" }, [".ecrToken", notToken]],
    ["an empty token", { ...ecr, ecrToken: "" }, [".ecrToken", "is empty."]],
    ...["null", '{"payload":"c4n4ry"}', '{"datakey":"c4n4ry"}'].map(
      (text): [string, object, [string, string]] => [
        `the base64 of ${text.replace("c4n4ry", "...")}`,
        { ...ecr, ecrToken: base64(text) },
        [".ecrToken", notToken],
      ],
    ),
    ["a token for another user name", { ...ecr, ecrToken: base64("c4n4ry:c4n4ry") }, [".ecrToken", notToken]],
    [
      "the password of the AWS CLI",
      { ...ecr, ecrToken: Buffer.from(token, "base64").toString().slice(4) },
      [
        ".ecrToken",
        "is the password that `aws ecr get-login-password` prints: give it as `password`, with the username AWS.",
      ],
    ],
    [
      "a token with a newline",
      { ...ecr, ecrToken: `${token}\n` },
      [".ecrToken", "contains a newline: often the end of the file that it was read from. Remove it."],
    ],
    ["a token that is a list", { ...ecr, ecrToken: [token] }, [".ecrToken", "is a list: give a string."]],
    ["a key that is none", { server: "gcr.io", googleKey: "c4n4ry" }, [".googleKey", notKey]],
    ["an empty key", { server: "gcr.io", googleKey: "" }, [".googleKey", notKey]],
    [
      "the key of a person",
      { server: "gcr.io", googleKey: '{"type":"authorized_user","private_key":"c4n4ry"}' },
      [".googleKey", notKey],
    ],
    [
      "a key of more than 64 KiB",
      { server: "gcr.io", googleKey: oneLine.padEnd(64 * 1024 + 1) },
      [".googleKey", notKey],
    ],
    ["a key that is nested deeply", { server: "gcr.io", googleKey: deepKey }, [".googleKey", notKey]],
    [
      "an object that is no key",
      { server: "gcr.io", googleKey: { private_key: "c4n4ry" } },
      [".googleKey", notKey],
    ],
    [
      "a key that is a list",
      { server: "gcr.io", googleKey: [oneLine] },
      [".googleKey", "is a list: give a string."],
    ],
    [
      "access keys that are a text",
      { huaweiSwr: "c4n4ry" },
      [".huaweiSwr", "is a string: give region, accessKey and secretKey."],
    ],
    [
      "no access keys",
      { huaweiSwr: {} },
      [".huaweiSwr.region", "is missing: give the region of the registry, such as cn-north-4."],
      [".huaweiSwr.accessKey", "is missing: give the access key ID (AK)."],
      [".huaweiSwr.secretKey", "is missing: set it with `pulumi config set --secret --path`."],
    ],
    [
      "wrong access keys",
      { huaweiSwr: { region: "CN North", accessKey: "cn-north-4@C4N4RY", secretKey: "c4n4ry " } },
      [".huaweiSwr.region", 'is not a region, such as "cn-north-4".'],
      [".huaweiSwr.accessKey", "is not an access key ID (AK), which has only letters and digits."],
      [".huaweiSwr.secretKey", "begins or ends with white space: remove it."],
    ],
    [
      "an unknown member of access keys",
      { huaweiSwr: { ...huaweiKeys, secretkey: "c4n4ry" } },
      [
        ".huaweiSwr.secretkey",
        'is not a known name (did you mean "secretKey"?). Expected one of: region, accessKey, secretKey.',
      ],
    ],
    [
      "a secret as a member of access keys",
      { huaweiSwr: { ...huaweiKeys, [huaweiKeys.secretKey]: "" } },
      [".huaweiSwr", "has a key that contains the username, email or password: remove it."],
    ],
    [
      "a server that holds the secret",
      { huaweiSwr: huaweiKeys, server: `https://x/${huaweiKeys.secretKey}` },
      [".server", "contains white space: give the registry's host."],
    ],
  ];
  for (const [what, entry, ...problems] of refused) {
    it(`refuses ${what}, without a secret`, () => {
      const found = problemsOf(entry);
      assert.deepEqual(
        found,
        problems.map(([member, reason]) => ({ path: `registries[0]${member}`, reason })),
      );
      assert.doesNotMatch(JSON.stringify(found), /c4n4ry/i);
    });
  }

  it("knows the server of access keys whose secret is wrong", () => {
    const { logins } = checkCredentials([{ huaweiSwr: { ...huaweiKeys, secretKey: "" } }], "registries");
    assert.deepEqual(logins, [{ server: "swr.cn-north-4.myhuaweicloud.com", path: "registries[0]" }]);
    const wrongRegion = { ...huaweiKeys, region: "CN" };
    assert.deepEqual(checkCredentials([{ huaweiSwr: wrongRegion }], "registries").logins, []);
  });

  it("takes none for a login to Docker Hub whose server must be given", () => {
    for (const secret of [{ ecrToken: ecr.ecrToken }, { googleKey: oneLine }]) {
      assert.deepEqual(checkCredentials([secret], "registries").logins, []);
    }
  });

  it("takes no time from a token whose payload has none that is one", () => {
    for (const expiration of [undefined, "1", 1.5, -1, 0, 1e300, 253_402_300_800]) {
      const password = base64(JSON.stringify({ payload: "p", datakey: "d", expiration }));
      assert.equal(credentialOf({ ...ecr, ecrToken: base64(`AWS:${password}`) })?.expiresAt, undefined);
    }
  });
});
