import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { encodeDockerConfigJson } from "../components";
import { textOf } from "./support/data/arbitraries";
import { leaksIn, leaksInFiles, leaksInRun } from "./support/secrets/leaks";
import { stopAtEnd } from "./support/runner/stopAtEnd";
import { temporaryDirectory } from "./support/runner/temporaryDirectory";

const secret = 'S3cr€t <"quoted"> \\ back%slash';
const bytes = Buffer.from(secret).toString("hex").match(/../g) ?? [];

/** The byte offset of the secret's last 16 units: the search uses these and its first ones. */
const endOffset = Buffer.byteLength(secret.slice(0, -16));

describe("the leak scanner of the engine tests", () => {
  const planted: Record<string, string> = {
    raw: `password=${secret};`,
    "JSON-escaped": JSON.stringify({ password: secret }),
    "JSON-escaped for HTML": String.raw`{"password":"S3cr€t \u003c\"quoted\"\u003E \\ back%slash"}`,
    "JSON-escaped in ASCII": String.raw`{"password":"S3cr\u20ACt \u003c\"quoted\"\u003e \\ back%slash"}`,
    "JSON-escaped twice": JSON.stringify(JSON.stringify({ password: secret })),
    "JSON-escaped for HTML twice": JSON.stringify(String.raw`"S3cr€t \u003c\"quoted\"\u003e \\ back%slash"`),
    "URL-escaped": `https://registry.example.com/?password=${encodeURIComponent(secret).toLowerCase()}`,
    "form-escaped": new URLSearchParams({ password: secret }).toString(),
    "percent-escaped": bytes.map((byte) => `%${byte.toUpperCase()}`).join(""),
    hex: bytes.join("").toUpperCase(),
    "hex-escaped": `"${bytes.map((byte) => `\\x${byte}`).join("")}"`,
  };
  for (const [form, text] of Object.entries(planted)) {
    it(`finds a secret that is ${form}`, () => {
      const leaks = leaksIn(text, { secret });
      assert.ok(leaks.includes(`secret: ${form}`), leaks.join());
    });
  }

  it("finds a secret that is quoted by Go", () => {
    const unprintable = '"S3cr€t"\\漢\u200b\u0001\u001b\u0007👩\u{e0001} {}';
    const quoted = String.raw`\"S3cr€t\"\\漢\u200b\x01\x1b\a👩\U000e0001 {}`;
    assert.deepEqual(leaksIn(quoted, { unprintable }), ["unprintable: quoted by Go"]);
  });

  const surroundings = fc.tuple(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }));

  it("finds a secret in base64, whatever stands around it, in either alphabet and in lines", () => {
    fc.assert(
      fc.property(surroundings, ([before, after]) => {
        const encoded = Buffer.concat([before, Buffer.from(secret), after]);
        const base64 = encoded.toString("base64");
        const expected = [0, endOffset].map((offset) => `secret: base64 at ${(before.length + offset) % 3}`);
        const lines = base64.replace(/.{10}/g, "$&\n");
        for (const text of [base64, encoded.toString("base64url"), lines, JSON.stringify(lines)]) {
          assert.deepEqual(new Set(leaksIn(text, { secret })), new Set(expected));
        }
      }),
    );
  });

  it("finds a password in the base64 of a docker config, as JSON and in the base64 of its login", () => {
    const username = textOf("abc", { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(username, surroundings, (name, [before, after]) => {
        const login = { server: "registry.example.com", username: name, password: secret };
        const config = Buffer.from(encodeDockerConfigJson([login]));
        const text = Buffer.concat([before, config, after]).toString("base64");
        const forms = leaksIn(text, { secret }).map((leak) => leak.replace(/ at \d/g, ""));
        assert.deepEqual(
          new Set(forms),
          new Set(["secret: base64 of JSON-escaped for HTML", "secret: base64 of base64"]),
        );
      }),
    );
  });

  it("finds the beginning and the end of a secret that was cut", () => {
    assert.deepEqual(leaksIn(`"${secret.slice(0, 16)}..."`, { secret }), ["secret: raw"]);
    assert.deepEqual(leaksIn(`"...${secret.slice(-16)}"`, { secret }), ["secret: raw"]);
    assert.deepEqual(leaksIn(secret.slice(1, -1), { secret }), []);
  });

  it("finds nothing in other texts", () => {
    assert.deepEqual(leaksIn(Buffer.from("another password").toString("base64"), { secret }), []);
  });

  it("names the place of a leak in a run", () => {
    const quiet = { events: [], stdout: "", stderr: "", thrown: "" };
    assert.deepEqual(leaksInRun(quiet, { secret }), []);
    for (const place of ["stdout", "stderr", "thrown"]) {
      assert.deepEqual(leaksInRun({ ...quiet, [place]: secret }, { secret }), [`${place}: secret: raw`]);
    }
    const event = {
      sequence: 1,
      timestamp: 1,
      stdoutEvent: { message: "S3cr€t-without-escapes", color: "never" },
    };
    assert.deepEqual(leaksInRun({ ...quiet, events: [event] }, { secret: "S3cr€t-without-escapes" }), [
      "events: secret: raw",
    ]);
  });

  describe("in files", () => {
    const stopping = stopAtEnd();

    it("finds a secret in a name or a text at any depth, but not in a rendered manifest", () => {
      const folder = stopping(temporaryDirectory()).path;
      const name = "S3cr3t-that-names-files";
      for (const [inner, file, text] of [
        ["state/.pulumi", "test.json", JSON.stringify({ secret })],
        [`state/${name}`, "other.json", ""],
        ["manifests/1-manifest", `${name}.yaml`, secret],
      ] as const) {
        mkdirSync(join(folder, inner), { recursive: true });
        writeFileSync(join(folder, inner, file), text);
      }
      assert.deepEqual(leaksInFiles(folder, { secret, name }), [
        "file name: name: raw",
        "test.json: secret: JSON-escaped",
      ]);
    });
  });
});
