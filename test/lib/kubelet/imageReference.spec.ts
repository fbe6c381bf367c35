import assert from "node:assert/strict";
import {
  type ImageReference,
  ImageReferenceError,
  parseImageReference,
  repositoryName,
} from "../../../components/lib/kubelet/imageReference";
import { readVectors } from "../../support/data/vectors";

const hex = "0123456789abcdef";
const sha256 = `sha256:${hex.repeat(4)}`;
const sha384 = `sha384:${hex.repeat(6)}`;
const sha512 = `sha512:${hex.repeat(8)}`;

describe("parseImageReference", () => {
  const valid: [string, ImageReference][] = [
    ["nginx", { domain: "docker.io", path: "library/nginx", familiarName: "nginx" }],
    ["janedoe/app:v1", { domain: "docker.io", path: "janedoe/app", tag: "v1", familiarName: "janedoe/app" }],
    ["docker.io/nginx", { domain: "docker.io", path: "library/nginx", familiarName: "nginx" }],
    ["index.docker.io/nginx", { domain: "docker.io", path: "library/nginx", familiarName: "nginx" }],
    ["docker.io/library/a/b", { domain: "docker.io", path: "library/a/b", familiarName: "library/a/b" }],
    ["docker.io:443/a", { domain: "docker.io:443", path: "a", familiarName: "docker.io:443/a" }],
    ["DOCKER.IO/a", { domain: "DOCKER.IO", path: "a", familiarName: "DOCKER.IO/a" }],
    ["REGISTRY/a", { domain: "REGISTRY", path: "a", familiarName: "REGISTRY/a" }],
    ["registry/a", { domain: "docker.io", path: "registry/a", familiarName: "registry/a" }],
    ["localhost/a", { domain: "localhost", path: "a", familiarName: "localhost/a" }],
    [
      "localhost:5000",
      { domain: "docker.io", path: "library/localhost", tag: "5000", familiarName: "localhost" },
    ],
    [
      "localhost:5000/a:5000",
      { domain: "localhost:5000", path: "a", tag: "5000", familiarName: "localhost:5000/a" },
    ],
    ["a_b.test/c", { domain: "", path: "a_b.test/c", familiarName: "a_b.test/c" }],
    [
      "[2001:db8::1]:5000/a",
      { domain: "[2001:db8::1]:5000", path: "a", familiarName: "[2001:db8::1]:5000/a" },
    ],
    [`a.b/c@${sha256}`, { domain: "a.b", path: "c", digest: sha256, familiarName: "a.b/c" }],
    [`a.b/c:1@${sha384}`, { domain: "a.b", path: "c", tag: "1", digest: sha384, familiarName: "a.b/c" }],
    [`a.b/c@${sha512}`, { domain: "a.b", path: "c", digest: sha512, familiarName: "a.b/c" }],
  ];
  for (const [reference, expected] of valid) {
    it(`reads ${reference}`, () => {
      assert.deepEqual(parseImageReference(reference), expected);
    });
  }

  const grammar =
    'write [domain[:port]/]path[:tag][@digest], the path in lower-case letters and digits with "/", ".", "_", "__" or "-" between them.';
  const digestRule =
    'after the "@" comes sha256:, sha384: or sha512: and 64, 96 or 128 lower-case hexadecimal digits.';
  const tagRule = 'a tag has 1 to 128 letters, digits, "_", "." and "-", and does not begin with "." or "-".';
  const invalid: [string, string][] = [
    ["", `"" is not an image reference: ${grammar}`],
    ["nginx\n", String.raw`"nginx\n" is not an image reference: ${grammar}`],
    ["http://a.b/c", `"http://a.b/c" is not an image reference: ${grammar}`],
    ["a___b", `"a___b" is not an image reference: ${grammar}`],
    ["-a.b/c", `"-a.b/c" is not an image reference: ${grammar}`],
    ["a-.b/c", `"a-.b/c" is not an image reference: ${grammar}`],
    ["a.b:/c", `"a.b:/c" is not an image reference: ${grammar}`],
    ["a.b/c:1/d", `"a.b/c:1/d" is not an image reference: ${grammar}`],
    ["[::1]x/c", `"[::1]x/c" is not an image reference: ${grammar}`],
    ["é.b/c", `"é.b/c" is not an image reference: ${grammar}`],
    ["a.b/Team/App", '"a.b/Team/App" is not an image reference: its path "Team/App" must be lower case.'],
    ["a.b/c:-x", `"a.b/c:-x" is not an image reference: ${tagRule}`],
    [`a:${"b".repeat(129)}`, `"a:${"b".repeat(129)}" is not an image reference: ${tagRule}`],
    ["a@sha256:00", `"a@sha256:00" is not an image reference: ${digestRule}`],
    [`a@${sha256.toUpperCase()}`, `"a@${sha256.toUpperCase()}" is not an image reference: ${digestRule}`],
    [`a@md5:${hex.repeat(2)}`, `"a@md5:${hex.repeat(2)}" is not an image reference: ${digestRule}`],
    ["https://janedoe:pass%77ord@a.b/c", `"...@a.b/c" is not an image reference: ${digestRule}`],
    [`janedoe:a@b/c@a.b/c@${sha256}`, `"...@a.b/c@${sha256}" is not an image reference: ${digestRule}`],
    [`a@${sha256}@${sha256}`, `"a@${sha256}@${sha256}" is not an image reference: ${digestRule}`],
    [
      hex.repeat(4),
      `"${hex.repeat(4)}" is not an image reference: 64 hexadecimal digits are an image ID: write the name of the image.`,
    ],
    [
      "a".repeat(248),
      `"${"a".repeat(248)}" is not an image reference: its path has 256 characters: at most 255 are allowed, including library/.`,
    ],
  ];
  for (const [reference, message] of invalid) {
    it(`refuses ${JSON.stringify(reference).slice(0, 40)}`, () => {
      assert.throws(() => parseImageReference(reference), { name: "ImageReferenceError", message });
    });
  }

  it("counts the path without the domain", () => {
    const path = "a".repeat(255);
    assert.equal(parseImageReference(`registry.example.com/${path}`).path, path);
  });

  it("cuts a long reference in the message", () => {
    assert.throws(
      () => parseImageReference("A".repeat(1_000)),
      ({ message }: Error) => message.startsWith(`"${"A".repeat(256)}..." is not an image reference`),
    );
  });

  interface ReferenceVector {
    id: string;
    ref: string;
    ok: boolean;
    domain: string;
    path: string;
    tag: string;
    digest: string;
    familiarName: string;
  }
  for (const { id, ref, ok, domain, path, tag, digest, familiarName } of readVectors<ReferenceVector>(
    "references.jsonl",
  )) {
    it(`agrees with distribution/reference on ${id}`, () => {
      if (ok) {
        assert.deepEqual(parseImageReference(ref), {
          domain,
          path,
          ...(tag !== "" && { tag }),
          ...(digest !== "" && { digest }),
          familiarName,
        });
      } else {
        assert.throws(() => parseImageReference(ref), ImageReferenceError);
      }
    });
  }
});

describe("repositoryName", () => {
  it("is domain and path", () => {
    assert.equal(repositoryName({ domain: "docker.io", path: "library/nginx" }), "docker.io/library/nginx");
  });

  it("is the path alone without a domain", () => {
    assert.equal(repositoryName({ domain: "", path: "a_b.test/c" }), "a_b.test/c");
  });
});
