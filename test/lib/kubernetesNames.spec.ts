import assert from "node:assert/strict";
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  environmentNameProblem,
  labelValueProblem,
  portNameProblem,
  qualifiedNameProblem,
  quantityProblem,
} from "../../components/lib/kubernetesNames";
import { quote } from "../../components/lib/problems";

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
        `${JSON.stringify(name)} is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.`,
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
        `${JSON.stringify(name)} is not a DNS-1123 subdomain: use at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.`,
      );
    });
  }

  it("keeps to a lower limit", () => {
    assert.equal(dnsSubdomainProblem("abcd", 4), undefined);
    assert.match(dnsSubdomainProblem("abcde", 4) ?? "", /use at most 4 lower-case/);
  });
});

const rules: [
  rule: (text: string) => string | undefined,
  taken: string[],
  refused: string[],
  reason: string,
][] = [
  [
    qualifiedNameProblem,
    ["a", "A", "a.b_c-D", "example.com/a", "Example.com/a", `${"a".repeat(253)}/${"b".repeat(63)}`],
    ["", "-a", "a-", "a b", "a/b/c", "/a", "a/", "_/a", "é", "a\n", "a".repeat(64), `${"a".repeat(254)}/b`],
    'is not a qualified name: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, and before them a domain and "/", or nothing.',
  ],
  [
    labelValueProblem,
    ["", "a", "A.b_c-0", "a".repeat(63)],
    ["-a", "a-", "a b", "a/b", "é", "a\n", "a".repeat(64)],
    'is not a label value: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.',
  ],
  [
    portNameProblem,
    ["a", "http", "http-2", "2a", "a".repeat(15)],
    ["", "8080", "HTTP", "-a", "a-", "a--b", "a_b", "a\n", "a".repeat(16)],
    'is not a port name: use at most 15 lower-case letters, digits and single "-", with a letter or digit at both ends, and a letter in it.',
  ],
  [
    environmentNameProblem,
    ["A", "a.b-c_0", " ~", "1", "<>"],
    ["", "A=B", "é", "a\n", "\u007f"],
    'is not an environment variable name: use printable ASCII characters other than "=".',
  ],
  [
    quantityProblem,
    ["0", "1", "+1", "0.5", ".5", "1.", "100m", "1Gi", "1k", "1e3", "1E-3", "5n", "2u"],
    ["", ".", "-1", "1x", "1gi", "1 Gi", "Gi", "1e", "0x1", "1\n", "1mi"],
    'is not a quantity: write a number with a unit or none, such as "100m", "0.5" or "1Gi".',
  ],
];
for (const [rule, taken, refused, reason] of rules) {
  describe(rule.name, () => {
    for (const text of taken) {
      it(`takes ${JSON.stringify(text)}`, () => {
        assert.equal(rule(text), undefined);
      });
    }

    for (const text of refused) {
      it(`refuses ${JSON.stringify(text)}`, () => {
        assert.equal(rule(text), `${quote(text)} ${reason}`);
      });
    }
  });
}
