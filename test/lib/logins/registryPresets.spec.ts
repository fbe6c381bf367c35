import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { PresetError, type PresetLogin, registryPresets } from "../../../components";
import { checkCredentials } from "../../../components/lib/logins/credentials";
import { base64, ecrTokenUntil } from "../../support/secrets/cloudSecrets";

const login = { username: "janedoe", token: "c4n4ry-token" };
const jsonKey = JSON.stringify(
  {
    type: "service_account",
    project_id: "shop",
    private_key: "-----BEGIN PRIVATE KEY-----\nc4n4ry\n-----END PRIVATE KEY-----\n",
    client_email: "puller@shop.iam.gserviceaccount.com",
  },
  undefined,
  2,
);
const ecrToken = {
  authorizationToken: base64("AWS:c4n4ry+/="),
  proxyEndpoint: "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com",
};
const huaweiKeys = {
  region: "cn-north-4",
  accessKey: "AKEXAMPLE0123456789",
  secretKey: "c4n4ry secret $KEY",
};

const presets: Record<string, { make: () => PresetLogin; expected: PresetLogin }> = {
  dockerHub: {
    make: () => registryPresets.dockerHub(login),
    expected: { server: "https://index.docker.io/v1/", username: "janedoe", password: login.token },
  },
  githubPackages: {
    make: () => registryPresets.githubPackages(login),
    expected: { server: "ghcr.io", username: "janedoe", password: login.token },
  },
  gitlab: {
    make: () => registryPresets.gitlab({ ...login, username: "gitlab+deploy-token-7" }),
    expected: {
      server: "registry.gitlab.com",
      username: "gitlab+deploy-token-7",
      password: login.token,
    },
  },
  "gitlab of one's own": {
    make: () => registryPresets.gitlab({ ...login, server: "gitlab.example.com:5050" }),
    expected: { server: "gitlab.example.com:5050", username: "janedoe", password: login.token },
  },
  quay: {
    make: () => registryPresets.quay({ ...login, username: "mycompany+deploy" }),
    expected: { server: "quay.io", username: "mycompany+deploy", password: login.token },
  },
  "quay of one's own": {
    make: () => registryPresets.quay({ ...login, server: "quay.example.com" }),
    expected: { server: "quay.example.com", username: "janedoe", password: login.token },
  },
  harbor: {
    make: () =>
      registryPresets.harbor({
        ...login,
        server: "harbor.example.com",
        username: "robot$shop+puller",
      }),
    expected: { server: "harbor.example.com", username: "robot$shop+puller", password: login.token },
  },
  googleArtifactRegistry: {
    make: () => registryPresets.googleArtifactRegistry({ location: "europe-west1", jsonKey }),
    expected: {
      server: "europe-west1-docker.pkg.dev",
      username: "_json_key",
      password:
        '{"type":"service_account","project_id":"shop","private_key":"-----BEGIN PRIVATE KEY-----\\nc4n4ry\\n-----END PRIVATE KEY-----\\n","client_email":"puller@shop.iam.gserviceaccount.com"}',
    },
  },
  azureContainerRegistry: {
    make: () => registryPresets.azureContainerRegistry({ ...login, server: "myregistry.azurecr.io" }),
    expected: { server: "myregistry.azurecr.io", username: "janedoe", password: login.token },
  },
  amazonEcr: {
    make: () => registryPresets.amazonEcr({ ...ecrToken, expiresAt: "2027-01-31T00:00:00Z" }),
    expected: {
      server: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      username: "AWS",
      password: "c4n4ry+/=",
      expiresAt: "2027-01-31T00:00:00Z",
    },
  },
  "amazonEcr without expiry, with the trailing slash": {
    make: () => registryPresets.amazonEcr({ ...ecrToken, proxyEndpoint: `${ecrToken.proxyEndpoint}/` }),
    expected: {
      server: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      username: "AWS",
      password: "c4n4ry+/=",
    },
  },
  "amazonEcr whose token says when it expires": {
    make: () =>
      registryPresets.amazonEcr({ ...ecrToken, authorizationToken: ecrTokenUntil("2027-01-31T12:00:00Z") }),
    expected: {
      server: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      username: "AWS",
      password: Buffer.from(ecrTokenUntil("2027-01-31T12:00:00Z"), "base64").toString().slice(4),
      expiresAt: "2027-01-31T12:00:00Z",
    },
  },
  "googleArtifactRegistry with a key in base64": {
    make: () => registryPresets.googleArtifactRegistry({ location: "europe", jsonKey: base64(jsonKey) }),
    expected: {
      server: "europe-docker.pkg.dev",
      username: "_json_key",
      password: JSON.stringify(JSON.parse(jsonKey)),
    },
  },
  huaweiSwr: {
    make: () => registryPresets.huaweiSwr(huaweiKeys),
    expected: {
      server: "swr.cn-north-4.myhuaweicloud.com",
      username: "cn-north-4@AKEXAMPLE0123456789",
      password: opensslHmac(huaweiKeys.secretKey, huaweiKeys.accessKey),
    },
  },
};

/** The command of Huawei's own page, by another implementation than Node's. */
function opensslHmac(key: string, text: string): string {
  const output = execFileSync("openssl", ["dgst", "-sha256", "-hmac", key], { input: text });
  return output.toString().trim().replace(/^.*= /, "");
}

describe("registryPresets", () => {
  for (const [name, { make, expected }] of Object.entries(presets)) {
    it(`${name}: makes the login, which an entry of registries takes as it is`, () => {
      const made = make();
      assert.deepEqual(made, expected);
      const { problems, logins } = checkCredentials([made], "registries");
      assert.deepEqual(problems, []);
      assert.equal(logins[0]?.credential?.server, expected.server);
    });
  }

  it("huaweiSwr: derives 64 hex digits, as openssl does", () => {
    assert.match(registryPresets.huaweiSwr(huaweiKeys).password, /^[0-9a-f]{64}$/);
  });

  const refused: [name: string, make: () => unknown, problems: string[]][] = [
    [
      "dockerHub",
      () => registryPresets.dockerHub({ username: "", token: " \n" }),
      ["  username: is empty.", "  token: is empty."],
    ],
    [
      "githubPackages",
      () => registryPresets.githubPackages({ token: 7 } as never),
      ["  username: is missing.", "  token: is a number: give a string; for an Output, use `apply`."],
    ],
    ["harbor", () => registryPresets.harbor({ ...login, server: null } as never), ["  server: is missing."]],
    [
      "gitlab",
      () => registryPresets.gitlab(undefined as never),
      ["  server: is missing.", "  username: is missing.", "  token: is missing."],
    ],
    [
      "quay",
      () => registryPresets.quay({ ...login, token: { password: "c4n4ry" } } as never),
      ["  token: is an object: give a string; for an Output, use `apply`."],
    ],
    [
      "azureContainerRegistry",
      () => registryPresets.azureContainerRegistry({ ...login, server: "" }),
      ["  server: is empty."],
    ],
    [
      "googleArtifactRegistry",
      () => registryPresets.googleArtifactRegistry({ location: "europe/west1", jsonKey: "c4n4ry: no JSON" }),
      [
        '  location: is not a location, such as "europe-west1" or "europe".',
        "  jsonKey: is not a service account's JSON key: give the text of the file that `gcloud iam service-accounts keys create` writes.",
      ],
    ],
    [
      "googleArtifactRegistry",
      () =>
        registryPresets.googleArtifactRegistry({
          location: "europe",
          jsonKey: '{"type":"authorized_user","refresh_token":"c4n4ry"}',
        }),
      [
        "  jsonKey: is not a service account's JSON key: give the text of the file that `gcloud iam service-accounts keys create` writes.",
      ],
    ],
    [
      "amazonEcr",
      () =>
        registryPresets.amazonEcr({
          authorizationToken: "c4n4ry",
          proxyEndpoint: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
          expiresAt: "",
        }),
      [
        "  authorizationToken: is not base64 of `AWS:<password>`: give the authorizationToken from GetAuthorizationToken unchanged.",
        "  proxyEndpoint: is not `https://<host>`.",
        "  expiresAt: is empty.",
      ],
    ],
    [
      "huaweiSwr",
      () =>
        registryPresets.huaweiSwr({
          region: "CN North",
          accessKey: "cn-north-4@AKC4N4RY",
          secretKey: "c4n4ry",
        }),
      [
        '  region: is not a region, such as "cn-north-4".',
        "  accessKey: is not an access key ID (AK), which has only letters and digits.",
      ],
    ],
  ];

  const noKey =
    "  jsonKey: is not a service account's JSON key: give the text of the file that `gcloud iam service-accounts keys create` writes.";
  for (const key of [
    "null",
    "[]",
    '{"type":"service_account"}',
    '{"type":"service_account","private_key":7}',
    '{"type":"authorized_user","private_key":"c4n4ry"}',
  ]) {
    const make = () => registryPresets.googleArtifactRegistry({ location: "e", jsonKey: key });
    refused.push(["googleArtifactRegistry", make, [noKey]]);
  }
  const noToken =
    "is not base64 of `AWS:<password>`: give the authorizationToken from GetAuthorizationToken unchanged.";
  for (const [member, value, problem] of [
    ["authorizationToken", base64("AWS:c4n4ry more"), noToken],
    ["authorizationToken", base64("xAWS:c4n4ry"), noToken],
    ["proxyEndpoint", "https://registry.example.com/c4n4ry", "is not `https://<host>`."],
    ["proxyEndpoint", "http://c4n4ry?https://registry.example.com", "is not `https://<host>`."],
  ] as const) {
    const make = () => registryPresets.amazonEcr({ ...ecrToken, [member]: value });
    refused.push(["amazonEcr", make, [`  ${member}: ${problem}`]]);
  }
  refused.push(
    [
      "googleArtifactRegistry",
      () => registryPresets.googleArtifactRegistry({ jsonKey } as never),
      ["  location: is missing."],
    ],
    [
      "amazonEcr",
      () => registryPresets.amazonEcr({ ...ecrToken, proxyEndpoint: null } as never),
      ["  proxyEndpoint: is missing."],
    ],
    [
      "huaweiSwr",
      () => registryPresets.huaweiSwr({ ...huaweiKeys, secretKey: "" }),
      ["  secretKey: is empty."],
    ],
  );

  for (const [name, make, problems] of refused) {
    it(`${name}: refuses ${problems.map((problem) => problem.trim().split(":")[0]).join(", ")}, without the value`, () => {
      assert.throws(make, (error: Error) => {
        assert.ok(error instanceof PresetError);
        assert.equal(error.name, "PresetError");
        const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
        assert.equal(error.message, [`registryPresets.${name}: ${count}`, ...problems].join("\n"));
        assert.doesNotMatch(error.message, /c4n4ry/i);
        return true;
      });
    });
  }
});
