/**
 * A cloud's plugin for programs that ask it for a login, and for nothing else: `cloudStandIn.cjs NAME ENGINE`. Each process
 * has a token of its own, as the clouds' have.
 */
const { Buffer } = require("node:buffer");
const { randomBytes } = require("node:crypto");
const { main } = require("@pulumi/pulumi/provider");

const [name, ...args] = process.argv.slice(2);
const token = `c4n4ry-${randomBytes(6).toString("hex")}`;

/** What each function answers. */
const answers = {
  aws: {
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
      authorizationToken: Buffer.from(`AWS:${token}`).toString("base64"),
      expiresAt: new Date(Date.now() + 12 * 3_600_000).toISOString(),
      password: token,
      proxyEndpoint: "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      userName: "AWS",
    },
  },
  gcp: { "gcp:organizations/getClientConfig:getClientConfig": { accessToken: token } },
  "azure-native": {
    "azure-native:authorization:getClientConfig": { tenantId: "11111111-2222-3333-4444-555555555555" },
    "azure-native:authorization:getClientToken": { token },
  },
}[name];

const schema = {
  name,
  version: "0.0.1",
  functions: Object.fromEntries(
    Object.entries(answers).map(([token, answer]) => [
      token,
      {
        outputs: {
          type: "object",
          properties: Object.fromEntries(Object.keys(answer).map((member) => [member, { type: "string" }])),
        },
      },
    ]),
  ),
};

main(
  {
    version: schema.version,
    schema: JSON.stringify(schema),
    invoke: (token) => Promise.resolve({ outputs: answers[token] }),
  },
  args,
);
