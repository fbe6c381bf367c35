import assert from "node:assert/strict";
import { dnsLabelProblem, dnsSubdomainProblem } from "../../components/lib/kubernetesNames";

const labels = ["a", "0", "shop", "a-b", "a--b", "0-0", "a".repeat(63)];
const noNames = ["", "A", "Shop", "-a", "a-", "a_b", "a b", "é", "a\n", "a/b", "a:b"];

describe("dnsLabelProblem", () => {
  for (const name of labels) {
    it(`takes ${name}`, () => {
      assert.equal(dnsLabelProblem(name), undefined);
    });
  }

  for (const name of [...noNames, "a.b", "a".repeat(64)]) {
    it(`refuses ${JSON.stringify(name)}`, () => {
      assert.equal(
        dnsLabelProblem(name),
        `${JSON.stringify(name)} is no DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.`,
      );
    });
  }

  it("cuts a very long name in its answer", () => {
    assert.ok((dnsLabelProblem("a".repeat(1_000_000)) ?? "").length < 500);
  });
});

describe("dnsSubdomainProblem", () => {
  for (const name of [...labels, "a.b", "a-b.0.c-d", "a".repeat(253)]) {
    it(`takes ${name}`, () => {
      assert.equal(dnsSubdomainProblem(name), undefined);
    });
  }

  for (const name of [...noNames, ".", ".a", "a.", "a..b", "a.-b", "a-.b", "a".repeat(254)]) {
    it(`refuses ${JSON.stringify(name)}`, () => {
      assert.equal(
        dnsSubdomainProblem(name),
        `${JSON.stringify(name)} is no DNS-1123 subdomain: use at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.`,
      );
    });
  }

  it("keeps to a lower limit", () => {
    assert.equal(dnsSubdomainProblem("abcd", 4), undefined);
    assert.match(dnsSubdomainProblem("abcde", 4) ?? "", /use at most 4 lower-case/);
  });
});
