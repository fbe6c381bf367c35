import assert from "node:assert/strict";
import crypto from "node:crypto";
import { mock } from "node:test";
import { rootCertificates } from "node:tls";
import { caBundleProblem, certificatesOf } from "../../../components/lib/logins/caBundle";

const [one = "", two = ""] = rootCertificates;
const cut = one.replace(/\n[^-\n]{20}/, "\n");
const noPem = "is not a certificate in PEM: give the text starting at -----BEGIN CERTIFICATE-----.";
const base64 =
  "is base64 of a certificate in PEM: decode it, and give the text starting at -----BEGIN CERTIFICATE-----.";
const oneOfTwo =
  "has 2 certificates in PEM, of which 1 can't be read: give each whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";

describe("caBundleProblem", () => {
  const good: [title: string, text: string, count: number][] = [
    ["one", one, 1],
    ["two", `${one}\n${two}`, 2],
    ["two with comments and CRLF", `# one\r\n${one.replaceAll("\n", "\r\n")}\r\n# two\r\n${two}\r\n`, 2],
    ["the same twice", `${one}\n${one}`, 2],
  ];
  for (const [title, text, count] of good) {
    it(`takes ${title}`, () => {
      assert.equal(caBundleProblem(text), undefined);
      assert.equal(certificatesOf(text).length, count);
    });
  }

  it("reads a bundle once, however many images have it", () => {
    const read = mock.method(crypto, "X509Certificate");
    const bundle = rootCertificates.slice(0, 3).join("\n# three\n");
    for (let index = 0; index < 10; index++) {
      assert.equal(caBundleProblem(bundle), undefined);
    }
    read.mock.restore();
    assert.equal(read.mock.callCount(), 3);
  });

  const refused: [title: string, text: string, problem: string][] = [
    ["nothing", "", noPem],
    ["a path", "/etc/ssl/ca.pem", noPem],
    ["a certificate without its beginning", one.slice(30), noPem],
    ["a certificate without its end", one.slice(0, -30), noPem],
    ["a damaged certificate", cut, noPem],
    ["base64 of a certificate", Buffer.from(one).toString("base64"), base64],
    [
      "base64 in lines",
      (
        Buffer.from(one)
          .toString("base64")
          .match(/.{1,76}/g) ?? []
      ).join("\n"),
      base64,
    ],
    ["base64 of two", Buffer.from(`${one}\n${two}`).toString("base64"), base64],
    ["a damaged one after a good one", `${one}\n${cut}`, oneOfTwo],
    ["a damaged one before a good one", `${cut}\n${one}`, oneOfTwo],
    ["one without its end before a good one", `${one.slice(0, -30)}\n${two}`, oneOfTwo],
    [
      "a private key",
      `${one}\n-----BEGIN EC PRIVATE KEY-----\nc4n4ry\n-----END EC PRIVATE KEY-----\n`,
      "contains a private key: remove it, and give only the certificates.",
    ],
  ];
  for (const [title, text, problem] of refused) {
    it(`refuses ${title}`, () => {
      assert.equal(caBundleProblem(text), problem);
    });
  }

  it("finds no certificates in another text", () => {
    assert.deepEqual(certificatesOf("/etc/ssl/ca.pem"), []);
  });

  it("comes to its end with long hostile text", () => {
    const begin = "-----BEGIN CERTIFICATE-----";
    for (const piece of [begin, "-", "-----END CERTIFICATE-----", "a", `${begin}\n`, "-----BEGIN "]) {
      assert.notEqual(caBundleProblem(piece.repeat(50_000)), undefined);
    }
  });
});
