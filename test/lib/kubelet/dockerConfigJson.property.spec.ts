import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeDockerConfigJson,
  DockerConfigError,
  encodeDockerConfigJson,
} from "../../../components/lib/kubelet/dockerConfigJson";
import { anyText, textOf } from "../../support/data/arbitraries";

const unicode = fc.string({ unit: "binary", minLength: 1 });
const logins = fc.uniqueArray(
  fc.record(
    {
      server: unicode,
      username: unicode.filter((username) => !username.includes(":")),
      password: unicode,
      email: unicode,
    },
    { requiredKeys: ["server", "username", "password"], noNullPrototype: true },
  ),
  { selector: ({ server }) => server, maxLength: 5 },
);

describe("docker config, any logins", () => {
  it("decodes to the logins that it encodes, in the order of the servers' bytes", () => {
    fc.assert(
      fc.property(logins, (logins) => {
        const byServer = logins.toSorted((one, other) =>
          Buffer.compare(Buffer.from(one.server), Buffer.from(other.server)),
        );
        assert.deepEqual(decodeDockerConfigJson(encodeDockerConfigJson(logins)), byServer);
      }),
      { numRuns: 1_000 },
    );
  });

  it("encodes JSON that holds neither HTML nor line separators", () => {
    fc.assert(
      fc.property(logins, (logins) => {
        const json = encodeDockerConfigJson(logins);
        assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
        const { auths } = JSON.parse(json) as { auths: Record<string, { password: string; auth: string }> };
        for (const { server, username, password } of logins) {
          const entry = Object.getOwnPropertyDescriptor(auths, server)?.value as {
            password: string;
            auth: string;
          };
          assert.equal(entry.password, password);
          assert.equal(Buffer.from(entry.auth, "base64").toString(), `${username}:${password}`);
        }
      }),
    );
  });

  it("encodes any texts or throws a DockerConfigError without a credential", () => {
    fc.assert(
      fc.property(anyText, anyText, (server, text) => {
        const login = { server, username: `hunter2${text}`, password: `hunter2${text}` };
        checkTotal(() => encodeDockerConfigJson([login]));
      }),
      { numRuns: 1_000 },
    );
  });

  it("decodes any text or throws a DockerConfigError without a credential", () => {
    const token = textOf([
      '{"auths":{"a.b":',
      '{"auth":"',
      "aHVudGVyMg",
      "aHVudGVyMjpw",
      '{"username":"hunter2","password":',
      '"credsStore":"hunter2"',
      ...['"}', "}}", "{}", '"', ",", ":", "null", "1", "[", "]", "\\", "\ud800"],
    ]);
    const text = fc.oneof(anyText, token, fc.json());
    fc.assert(
      fc.property(text, (json) => {
        checkTotal(() => decodeDockerConfigJson(json));
      }),
      { numRuns: 5_000 },
    );
  });

  for (const unit of ["[", '{"a":', '"', "\\", "a", "=", '{"auths":{"a":{"auth":"', "\ud800", " "]) {
    it(`decodes a megabyte of ${JSON.stringify(unit)} before the test times out`, () => {
      const text = unit.repeat(2 ** 20 / unit.length);
      checkTotal(() => decodeDockerConfigJson(text));
      checkTotal(() => decodeDockerConfigJson(JSON.stringify({ auths: { [text]: { auth: text } } })));
    });
  }

  function checkTotal(run: () => unknown): void {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof DockerConfigError, String(error));
      assert.doesNotMatch(error.message, /hunter2|aHVudGVyMg/);
    }
  }
});
