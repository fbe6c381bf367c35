import assert from "node:assert/strict";
import {
  canonicalServer,
  decodeDockerConfigJson,
  lookupCredentials,
  parseImageReference,
  registryPresets,
} from "../components";
import { pullAttempts } from "../components/lib/kubelet/pullAttempts";
import { explainPullFailure } from "../components/lib/kubelet/pullFailure";
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  environmentNameProblem,
  labelValueProblem,
  portNameProblem,
  qualifiedNameProblem,
  quantityProblem,
} from "../components/lib/kubernetesNames";
import { caBundleProblem } from "../components/lib/logins/caBundle";
import { checkCredentials } from "../components/lib/logins/credentials";
import { checkExpiry } from "../components/lib/logins/expiry";
import { explainRolloutFailure } from "../components/lib/rolloutFailure";
import { checkLogins } from "../components/lib/secretContents";
import {
  accountNameProblem,
  kindNameProblem,
  pathProblem,
  transformedKind,
} from "../components/lib/workloadKinds";
import { parseChallenges } from "../components/registry/challenge";
import { parseSettings } from "../program/settings";

/** What may be read of config, of a file, or of what a server or kubelet says. */
const readers: Record<string, (text: string) => unknown> = {
  quantityProblem,
  dnsLabelProblem,
  dnsSubdomainProblem,
  qualifiedNameProblem,
  labelValueProblem,
  portNameProblem,
  environmentNameProblem,
  parseImageReference,
  canonicalServer,
  lookupCredentials: (text) =>
    lookupCredentials("a.test/b", [JSON.stringify({ auths: { [text]: { auth: "dTpw" } } })]),
  lookupImage: (text) => lookupCredentials(text, ['{"auths":{"a.*.test/b":{"auth":"dTpw"}}}']),
  decodeDockerConfigJson,
  decodeAuth: (text) => decodeDockerConfigJson(JSON.stringify({ auths: { a: { auth: text } } })),
  pullAttempts: (text) => pullAttempts(text, [{ server: "a.test", pullSecret: "current" }], false),
  pullAttemptsOfServer: (text) => pullAttempts("a.test/b", [{ server: text, pullSecret: "current" }], false),
  checkCredentials: (text) =>
    checkCredentials(
      [
        {
          server: text,
          username: text,
          password: text,
          email: text,
          expiresAt: text,
          caBundle: text,
          namespaces: [text],
        },
      ],
      "registries",
      ["default"],
    ),
  checkDockerConfig: (text) => checkLogins({ dockerConfigJson: text }, ["default"]),
  checkDockerConfigLogin: (text) =>
    checkLogins(
      { dockerConfigJson: JSON.stringify({ auths: { [text]: { username: text, password: text } } }) },
      ["default"],
    ),
  checkDerivedLogins: (text) =>
    checkCredentials(
      [
        { server: "a.test", ecrToken: text },
        { server: "b.test", googleKey: text },
        { huaweiSwr: { region: text, accessKey: text, secretKey: text } },
      ],
      "registries",
    ),
  checkExpiry: (text) => checkExpiry([{ expiresAt: text }], new Date(0)),
  caBundleProblem,
  parseChallenges: (text) => parseChallenges([text, `Bearer ${text}`]),
  explainPullFailure: (text) => explainPullFailure(`[Pod a]: [ErrImagePull] ${text}`),
  explainRolloutFailure: (text) => explainRolloutFailure(`conflict with "${text}`, {}),
  transformedKind,
  pathProblem,
  kindNameProblem,
  accountNameProblem,
  durations: (text) => parseSettings({ registries: "[]", rolloutTimeout: text, renderTo: text }, "a"),
  huaweiSwr: (text) => registryPresets.huaweiSwr({ region: text, accessKey: text, secretKey: "s" }),
  amazonEcr: (text) => registryPresets.amazonEcr({ authorizationToken: text, proxyEndpoint: text }),
};

/** Repeated, and followed by what makes a pattern give up and try again. */
const units = [
  "1",
  "a",
  "A",
  "-",
  "_",
  ".",
  "/",
  ":",
  "@",
  "=",
  " ",
  "*",
  "[",
  '"',
  "\\",
  ",",
  "%2F",
  "a-",
  "a--",
  "a_",
  "a.",
  "a/",
  "a.1",
  "*a",
  ":1",
  "@sha1",
  "a=",
  'a="',
  "a ",
  "2027-",
  "https://",
  'image "',
  "[manifests ",
  "x509: ",
  "[Pod ",
  "[ErrImagePull] ",
  "Failed to pull image ",
  "unexpected status ",
  "denied: ",
  "Unable to retrieve some image pull secrets (",
  "containers with incomplete status: [",
  "-----BEGIN CERTIFICATE-----\n",
  "kubernetes:apps/v1:",
];
const heads = ["", "a", "[", "https://", '{"auths":{"'];
const tails = ["", "!"];

function cpuTime(read: () => unknown): number {
  const before = process.cpuUsage();
  try {
    read();
  } catch {
    // What is refused counts as well.
  }
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const [few, many] = [25_000, 100_000];

/** A pattern of quadratic time takes 16 times as long for four times the text. Below 20 ms the clock says nothing on a busy machine. */
function isLinear(read: (text: string) => unknown, textOf: (length: number) => string): boolean {
  const [short, long] = [textOf(few), textOf(many)];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const limit =
      8 *
      Math.max(
        cpuTime(() => read(short)),
        20_000,
      );
    if (cpuTime(() => read(long)) <= limit) {
      return true;
    }
  }
  return false;
}

describe("in time that is linear in the length of a text", () => {
  for (const [name, read] of Object.entries(readers)) {
    it(name, () => {
      for (const unit of units) {
        for (const head of heads) {
          for (const tail of tails) {
            const textOf = (length: number): string =>
              head + unit.repeat(Math.ceil(length / unit.length)) + tail;
            assert.ok(isLinear(read, textOf), JSON.stringify(`${head}(${unit})*${tail}`));
          }
        }
      }
    });
  }
});
