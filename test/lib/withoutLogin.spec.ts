import assert from "node:assert/strict";
import type { PreflightError } from "../../components";
import {
  decodeDockerConfigJson,
  encodeDockerConfigJson,
  KeyringError,
  lookupCredentials,
  parseImageReference,
  probeRegistry,
  resolveDigest,
} from "../../components";
import { canonicalServer } from "../../components/lib/kubelet/server";
import { withoutLogin } from "../../components/lib/withoutLogin";

const digest = `sha256:${"0a".repeat(32)}`;

describe("withoutLogin", () => {
  const shown: [text: string, server: string, image?: string][] = [
    ["registry.example.com:5000/team", "registry.example.com:5000/team"],
    ["https://registry.example.com/v2/", "https://registry.example.com/v2/"],
    ["[fe80::1]:5000/app", "[fe80::1]:5000/app"],
    ["docker://user:pass@h", "...@h"],
    ["https://user:p@ss/w@h/app", "...@h/app"],
    ["https://user%3Apass%40h", "...@h"],
    ["token@a.b/c", "...@a.b/c"],
    ["a.b/c@user:pass", "...@user:..."],
    ["user:pass@md5:abc", "...@md5:..."],
    [`user:pass@${digest}`, `user:...@${digest}`, `user:pass@${digest}`],
    ["nginx@sha256:0a", "...@sha256:...", "nginx@sha256:0a"],
    ["user:pass@sha256:0a", "...@sha256:..."],
    ["a.b/c?token=abc", "a.b/c?..."],
    ["a.b/c#k=abc", "a.b/c#..."],
    ["password=abc", "password=..."],
    ["reg?stry.example.com", "reg?stry.example.com"],
    ["user:hunter2", "user:...", "user:hunter2"],
    ["user:hunter2/app:v1", "user:.../app:v1"],
    ["http://user:hunter2/app", "http://user:.../app"],
    ["jane.doe:hunter2/app", "jane.doe:.../app"],
    ["jane.doe:hunter/app", "jane.doe:.../app"],
    ["a.b/c@jane.doe:pass/app", "...@jane.doe:.../app"],
    ["registry.example.com:https/app", "registry.example.com:https/app"],
    ["nginx:v1", "nginx:...", "nginx:v1"],
  ];
  for (const [text, server, image = server] of shown) {
    it(`of ${text} is ${server}, of an image ${image}`, () => {
      assert.equal(withoutLogin(text), server);
      assert.equal(withoutLogin(text, true), image);
    });
  }
});

describe("a login in a server, a key or an image", () => {
  const password = "hunter2-c4n4ry";
  const texts = [
    `docker://user:${password}@h`,
    `https://user:${password}@registry.example.com`,
    `HTTPS://user:${password}@registry.example.com/v2/`,
    `user:${password}@registry.example.com/app`,
    `user:${password}@md5:abc`,
    `user:${password}@sha256:abc`,
    `user:${password}@sha512:abc`,
    `us/er:${password}@registry.example.com/app`,
    `user:a@b/${password}@registry.example.com/app`,
    `user:${password}@registry.example.com/app@${digest}`,
    `user:${password}@registry.example.com/App:v1@${digest}`,
    `registry.example.com/app@user:${password}`,
    `user:${password}`,
    `user:${password}/App`,
    `//user:${password}@h`,
    `https://user%3A${password}%40h/app`,
    `https://registry.example.com/app?token=${password}`,
    `registry.example.com/app#access_token=${password}`,
    `registry.example.com/app;password=${password}`,
    `password=${password}`,
    `${password}@registry.example.com/app`,
  ];
  const messageOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return `${(error as Error).message} ${JSON.stringify(error)}`;
    }
    return "";
  };
  const config = (server: string, entry: object = {}): string =>
    JSON.stringify({ auths: { [server]: entry } });

  for (const text of texts) {
    it(`is not in any message: ${text}`, async () => {
      const login = { server: text, username: "u", password: "p" };
      const messages = [
        messageOf(() => canonicalServer(text)),
        messageOf(() => parseImageReference(text)),
        messageOf(() => encodeDockerConfigJson([login, login])),
        messageOf(() => decodeDockerConfigJson(config(text))),
        messageOf(() => decodeDockerConfigJson(config(text, { auth: 1 }))),
        messageOf(() => decodeDockerConfigJson(config(text, { auth: "!" }))),
        messageOf(() => lookupCredentials("a.b/c", [config(text, { auth: "!" })])),
        messageOf(() => lookupCredentials("a.b/c", [config(text)])),
        messageOf(() => lookupCredentials(text, [])),
      ];
      // A name with a tag is a valid image, which would be asked for.
      const isImage = messageOf(() => parseImageReference(text)) === "";
      const checks = [() => probeRegistry(login), ...(isImage ? [] : [() => resolveDigest({ image: text })])];
      for (const check of checks) {
        await check().catch((error: unknown) => {
          const { message, registry, image = "" } = error as PreflightError;
          messages.push(message, registry, image);
        });
      }
      assert.ok(messages.some((message) => message !== ""));
      assert.deepEqual(
        messages.filter((message) => message.includes("c4n4ry")),
        [],
      );
    });
  }

  it("leaves what names the key", () => {
    assert.throws(
      () => lookupCredentials("a.b/c", [config("https://user:hunter2@a.b")]),
      new KeyringError(
        'dockerConfigJsons[0]: auths["...@a.b"] has a server that kubelet parses as a URL: write host[:port][/path], without "%", "?", "#", "@" or "]".',
      ),
    );
  });
});
