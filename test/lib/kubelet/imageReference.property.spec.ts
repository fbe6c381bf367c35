import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ImageReferenceError,
  parseImageReference,
  repositoryName,
} from "../../../components/lib/kubelet/imageReference";
import { anyText, textOf } from "../../support/data/arbitraries";

const hexDigits = (count: number) => textOf("0123456789abcdef", { minLength: count, maxLength: count });
const component = fc
  .array(
    fc.tuple(fc.constantFrom(".", "_", "__", "-", "---"), textOf("ab09", { minLength: 1, maxLength: 4 })),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((words) => words.map(([separator, word], index) => (index === 0 ? word : separator + word)).join(""));
const path = fc.array(component, { minLength: 1, maxLength: 4 }).map((components) => components.join("/"));
const domain = fc.constantFrom(
  "registry.example.com",
  "localhost",
  "REG:5000",
  "10.0.0.1:443",
  "[::1]:5000",
  "x.y",
);
const tag = fc.option(textOf("aB0", { minLength: 1, maxLength: 128 }), { nil: undefined });
const digest = fc.option(
  fc.oneof(
    hexDigits(64).map((hex) => `sha256:${hex}`),
    hexDigits(96).map((hex) => `sha384:${hex}`),
    hexDigits(128).map((hex) => `sha512:${hex}`),
  ),
  { nil: undefined },
);

describe("parseImageReference, any text", () => {
  it("returns the parts that a reference is made of", () => {
    fc.assert(
      fc.property(domain, path, tag, digest, (domain, path, tag, digest) => {
        const reference = `${domain}/${path}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
        assert.deepEqual(parseImageReference(reference), {
          domain,
          path,
          ...(tag && { tag }),
          ...(digest && { digest }),
          familiarName: `${domain}/${path}`,
        });
      }),
    );
  });

  it("returns the same image for the full and for the familiar name", () => {
    fc.assert(
      fc.property(path, (path) => {
        const image = parseImageReference(`docker.io/${path}`);
        assert.deepEqual(parseImageReference(repositoryName(image)), image);
        assert.deepEqual(parseImageReference(`docker.io/${image.familiarName}`), image);
      }),
    );
  });

  it("returns a value or throws an ImageReferenceError", () => {
    const text = fc.oneof(
      anyText,
      textOf([
        "a",
        "A",
        "0",
        ".",
        "_",
        "-",
        "/",
        ":",
        "@",
        "[::1]",
        "\n",
        "docker.io/",
        "sha256:",
        "0".repeat(64),
      ]),
    );
    fc.assert(
      fc.property(text, (reference) => {
        try {
          assert.match(repositoryName(parseImageReference(reference)), /^[\w.:[\]-]+(\/[\w.-]+)+$/);
        } catch (error) {
          assert.ok(error instanceof ImageReferenceError, String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  for (const unit of ["a", "a.", "a/", "a-", "_", ":1", "@", "[:", "A", "é", "\ud800"]) {
    for (const end of ["", "!", "/a", ":", `@sha256:${"0".repeat(64)}`]) {
      it(`reads a megabyte of ${JSON.stringify(unit)} and ${JSON.stringify(end.slice(0, 8))} in no time`, () => {
        const start = performance.now();
        try {
          parseImageReference(unit.repeat(2 ** 20 / unit.length) + end);
        } catch (error) {
          assert.ok(error instanceof ImageReferenceError, String(error));
        }
        assert.ok(performance.now() - start < 2_000);
      });
    }
  }
});
