import assert from "node:assert/strict";
import fc from "fast-check";
import type { Answer } from "../../components/registry/answer";
import { unexpectedAnswer } from "../../components/registry/answerFailures";
import { type Asked, itSays, quoteServerWords } from "../../components/registry/asked";
import { concernsHost, connectionFailure, isTransient } from "../../components/registry/connectionFailures";
import { notFound, pullRefused, tokenRefused, unauthorized } from "../../components/registry/refusals";

const asked: Asked = {
  registry: "registry.example.com",
  image: "registry.example.com/shop/web:v1",
  login: { username: "janedoe", password: "c4n4ry" },
  token: "t0k3n",
};

function answer(status: number, message = "", headers: Answer["headers"] = {}): Answer {
  const body = Buffer.from(JSON.stringify({ errors: [{ message }] }));
  return { status, headers, body, truncated: false };
}

describe("connectionFailure", () => {
  const cases: [string, string, RegExp][] = [
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls", /Give the CA's certificate in PEM as `caBundle`/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls", /`caBundle`/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls", /another host name/],
    ["CERT_HAS_EXPIRED", "tls", /not valid \(CERT_HAS_EXPIRED\)/],
    ["EPROTO", "tls", /failed during TLS \(EPROTO\)/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls", /does not speak TLS/],
    ["HPE_INVALID_CONSTANT", "notARegistry", /not HTTP/],
    ["HTTPParserError", "notARegistry", /not HTTP/],
    ["ENOTFOUND", "unreachable", /The check runs where pulumi runs/],
    ["ECONNRESET", "unreachable", /can't be reached \(ECONNRESET\)/],
  ];
  for (const [code, reason, message] of cases) {
    it(`is ${reason} for ${code}`, () => {
      const failure = connectionFailure(asked, code);
      assert.equal(failure.reason, reason);
      assert.match(failure.message, message);
      assert.equal(isTransient(failure), reason === "unreachable");
    });
  }
});

describe("concernsHost", () => {
  const ofOneAnswer = [
    ...["UND_ERR_SOCKET", "UND_ERR_HEADERS_OVERFLOW", "ECONNRESET", "EPIPE", "HPE_INVALID_CONSTANT"],
    "HTTPParserError",
  ];
  const ofHost = [
    ...["ENOTFOUND", "ECONNREFUSED", "CERT_HAS_EXPIRED", "ERR_LINK_LOCAL", "ECONNRESET_ALL", "EPIPES"],
    ...["HTTPParserErrors", "X_UND_ERR_SOCKET"],
  ];

  it("is false for what concerns a single answer, and true for all else", () => {
    assert.deepEqual([...ofOneAnswer, ...ofHost].filter(concernsHost), ofHost);
  });
});

describe("pullRefused", () => {
  const bearer = (error: string) => ({ "www-authenticate": `Bearer realm="https://r/t",error="${error}"` });
  const cases: [string, Asked, Answer, boolean, string, RegExp][] = [
    ["a proven login", asked, answer(401), true, "forbidden", /pull from "shop\/web" \(401\)/],
    ["a narrow token", asked, answer(401, "", bearer("insufficient_scope")), true, "forbidden", /permission/],
    [
      "a bad token",
      asked,
      answer(401, "", bearer("invalid_token")),
      true,
      "unauthorized",
      /refused the token/,
    ],
    ["an unproven login, 401", asked, answer(401), false, "unauthorized", /username and password/],
    ["an unproven login, 403", asked, answer(403), false, "forbidden", /\(403\)/],
    ["no login", { registry: "r" }, answer(403), true, "unauthorized", /wants a login \(403\) and none/],
  ];
  for (const [name, subject, refusal, isProven, reason, message] of cases) {
    it(`is ${reason} for ${name}`, () => {
      const failure = pullRefused(subject, refusal, { repository: "shop/web", isProven });
      assert.equal(failure.reason, reason);
      assert.match(failure.message, message);
    });
  }
});

describe("the messages of failures", () => {
  const failures = [unauthorized, tokenRefused, notFound, unexpectedAnswer];

  it("quote the registry, and name registry and image", () => {
    for (const failure of failures) {
      const { message, registry, image } = failure(asked, answer(503, "in trouble"));
      assert.match(message, /^The registry "registry\.example\.com" .* It says: "in trouble"\.$/);
      assert.deepEqual([registry, image], [asked.registry, asked.image]);
    }
  });

  it("never repeat a secret that the registry repeats", () => {
    const secrets = ["janedoe", "c4n4ry", "C4N4RY", "t0k3n", "amFuZWRvZTpjNG40cnk="];
    fc.assert(
      fc.property(fc.constantFrom(...secrets), fc.string(), fc.string(), (secret, before, after) => {
        for (const failure of failures) {
          assert.doesNotMatch(failure(asked, answer(503, before + secret + after)).message, /It says/);
        }
      }),
    );
  });

  it("say when to try again, or that nobody knows", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    const { message } = unexpectedAnswer(asked, answer(429, "", { "retry-after": "60" }), now);
    assert.match(message, /Try again in 60 s, at 2026-01-01T00:01:00\.000Z\./);
    assert.match(unexpectedAnswer(asked, answer(429)).message, /Try again later: it gives no time\./);
  });
});

describe("itSays", () => {
  const asked = { registry: "a.test", login: { username: "janedoe", password: "t0k3n-of-twenty-chars" } };
  const base64 = (text: string): string => Buffer.from(text).toString("base64");

  it("shows eight characters of a password at most, where the server shows how it begins", () => {
    assert.equal(itSays(asked, "invalid: t0k3n-of..."), ' It says: "invalid: t0k3n-of...".');
    for (const words of [
      "invalid: t0k3n-of-...",
      "invalid: T0K3N-OF-TWENTY-CHAR",
      `Basic ${base64("janedoe:t0k3n-of-twenty-chars").slice(0, 24)}...`,
    ]) {
      assert.equal(itSays(asked, words), "", words);
    }
  });

  it("is silent where the server repeats what Basic sends of a short login", () => {
    const login = { username: "jane", password: "p4ss" };
    assert.equal(itSays({ registry: "a.test", login }, `Basic ${base64("jane:p4ss")}`), "");
    assert.notEqual(itSays({ registry: "a.test", login }, `Basic ${base64("jill:w0rd")}`), "");
  });
});

describe("quoteServerWords", () => {
  it("cuts long words and replaces what can't be printed", () => {
    assert.equal(quoteServerWords("a\u001b[31m\r\nb\u202e", []), '"a [31m b"');
    assert.equal(quoteServerWords("x".repeat(160), []), `"${"x".repeat(160)}"`);
    assert.equal(quoteServerWords("x".repeat(161), []), `"${"x".repeat(160)}..."`);
  });

  it("is nothing for words that repeat a secret in base64, with and without its padding", () => {
    for (const words of ["got YQ==", "got YQ", "got yq"]) {
      assert.equal(quoteServerWords(words, ["a"]), undefined);
    }
    assert.equal(quoteServerWords("got Y=Q", ["a="]), '"got Y=Q"');
  });

  it("is nothing for words that repeat a secret as JSON has it, in a longer text", () => {
    assert.equal(quoteServerWords('got xa\\"by', ['a"b']), undefined);
  });

  it("is silent where the words have a secret as JSON, in a URL or in base64", () => {
    const secret = 'a "b" \\ c';
    for (const words of [
      JSON.stringify({ secret }),
      `?a=${encodeURIComponent(secret)}`,
      Buffer.from(secret).toString("base64"),
    ]) {
      assert.equal(quoteServerWords(words, [secret]), undefined);
    }
  });

  it("breaks what the Pulumi CLI takes for a colour", () => {
    assert.equal(
      quoteServerWords("slow down <{%x%}> please", []),
      String.raw`"slow down <{\u0025x\u0025}> please"`,
    );
  });

  it("reads the first 4,096 characters", () => {
    assert.equal(quoteServerWords(`${" ".repeat(4096)}denied`, []), '""');
    assert.equal(quoteServerWords(`${" ".repeat(4090)}denied secret`, ["secret"]), '"denied"');
  });

  it("is nothing for words that repeat a secret within base64, or with characters that do not show", () => {
    const within = Buffer.from("token: c4n4ry-secret").toString("base64");
    for (const words of [within, "c4n4ry\u200b-secret", "c4n4ry&#45;secret", "c4n4ry%2Dsecret"]) {
      assert.equal(quoteServerWords(words, ["c4n4ry-secret"]), undefined, words);
    }
  });

  it("ignores a secret that is empty", () => {
    assert.equal(quoteServerWords("denied", [""]), '"denied"');
  });
});
