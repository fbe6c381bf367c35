import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import {
  DockerConfigError,
  ImageReferenceError,
  KeyringError,
  PreflightError,
  PreflightReason,
  PresetError,
  ServerError,
} from "../../components";
import {
  describeProblems,
  joinPath,
  MessageError,
  messageOf,
  printable,
  printableLine,
  quote,
  withoutColours,
} from "../../components/lib/problems";
import { joinWords, suggestion, unknownMembers } from "../../components/lib/suggestions";
import { isObject, kindOf } from "../../components/lib/records";
import { SettingsError } from "../../program/settings";

describe("describeProblems", () => {
  it("counts one problem", () => {
    assert.equal(
      describeProblems("The config", [{ path: "namespace", reason: "is missing." }]),
      "The config: 1 problem\n  namespace: is missing.",
    );
  });

  it("gives each of several problems a line", () => {
    const problems = [
      { path: "a", reason: "is missing." },
      { path: "b[0].c", reason: "is empty." },
    ];
    assert.equal(
      describeProblems("The config", problems),
      "The config: 2 problems\n  a: is missing.\n  b[0].c: is empty.",
    );
  });
});

describe("describeProblems, of hostile words", () => {
  it("keeps each problem on a line of its own, and the terminal and the CLI from obeying them", () => {
    const problems = [{ path: "a\nerror: b", reason: 'is "<{%x%}>\u001b[2J".' }];
    assert.equal(
      describeProblems("The <{%config", problems),
      String.raw`The <{\u0025config: 1 problem` +
        "\n" +
        String.raw`  a\nerror: b: is "<{\u0025x\u0025}>\u001b[2J".`,
    );
  });
});

describe("printable", () => {
  const cases: [text: string, shown: string][] = [
    ["two\nlines, é漢🔑", "two\nlines, é漢🔑"],
    ["100 % of {%x%} and <%x%>, <{ %", "100 % of {%x%} and <%x%>, <{ %"],
    ["<{%reset%}>", String.raw`<{\u0025reset\u0025}>`],
    ["%}> alone, <{% alone", String.raw`\u0025}> alone, <{\u0025 alone`],
    ["<{%}>", String.raw`<{\u0025}>`],
    ["<{%<{%}>%}>", String.raw`<{\u0025<{\u0025}>\u0025}>`],
    ["\r\t\u0000\u001b\u007f\u0085\u009b", String.raw`\u000d\u0009\u0000\u001b\u007f\u0085\u009b`],
    ["\u200b\u200d\u202e\u2066\u2028\u2029\ufeff", String.raw`\u200b\u200d\u202e\u2066\u2028\u2029\ufeff`],
    ["\u115f\u3164\ufe0f\u00ad\ud83d", String.raw`\u115f\u3164\ufe0f\u00ad\ud83d`],
  ];
  for (const [text, shown] of cases) {
    it(`of ${JSON.stringify(text)} is ${shown}`, () => {
      assert.equal(printable(text), shown);
      assert.equal(printable(shown), shown);
    });
  }

  it("leaves nothing that a terminal or the CLI obeys in any text", () => {
    const unit = fc.oneof(
      fc.constantFrom("<", "{", "%", "}", ">", "\n"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        assert.doesNotMatch(printable(text), /<\{%|%\}>|(?!\n)\p{C}|\p{Zl}|\p{Zp}/u);
        assert.doesNotMatch(printableLine(text), /\n/);
      }),
    );
  });
});

describe("withoutColours", () => {
  it("escapes them in the texts and keys of a plain value, and leaves the rest as it is", () => {
    const date = new Date(0);
    const escaped = String.raw`<{\u0025x\u0025}>`;
    assert.deepEqual(
      withoutColours({ a: ["<{%x%}>", 1, null], "<{%x%}>": { b: "\u001b 100 %" }, date, none: undefined }),
      { a: [escaped, 1, null], [escaped]: { b: "\u001b 100 %" }, date, none: undefined },
    );
  });
});

describe("MessageError", () => {
  it("has a printable message, as the errors of this package have", () => {
    const hostile = "<{%x%}>\u001b[2J\u202e\u0000";
    const errors = [
      new MessageError(hostile),
      new DockerConfigError(hostile),
      new ImageReferenceError(hostile),
      new KeyringError(hostile),
      new PreflightError(PreflightReason.Invalid, { registry: hostile, image: hostile }, hostile),
      new PresetError(hostile),
      new ServerError("is wrong", hostile, hostile),
      new SettingsError(hostile),
    ];
    for (const error of errors) {
      assert.doesNotMatch(inspect(error, { showHidden: true }), /<\{%|%\}>|[^\P{C}\n]/u, error.name);
    }
  });
});

describe("messageOf", () => {
  const unreadable = {
    get message(): string {
      throw new Error("hunter2");
    },
  };
  const thrown: [what: string, error: unknown, message: string][] = [
    ["an Error", new TypeError("no\u001b[2J <{%x%}>"), String.raw`no\u001b[2J <{\u0025x\u0025}>`],
    ["an object with a message", { message: "denied" }, "denied"],
    ["an object whose message is not a string", { message: 403 }, "[object Object]"],
    ["a text", "denied", "denied"],
    ["a number", 403, "403"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["an error that throws when it is read", unreadable, "an error whose message can't be read"],
    ["an object without a text of its own", Object.create(null), "an error whose message can't be read"],
    ["lines", "a\nb", "a b"],
    ["lines with white space around them", "\n  a:\t \n\n  b  c \r\n", "a: b  c"],
    ["2000 characters", "a".repeat(2000), "a".repeat(2000)],
    ["more characters", "a".repeat(2001), `${"a".repeat(2000)}...`],
    ["a text behind 3999 spaces", `${" ".repeat(3999)}ab`, "a"],
  ];
  for (const [what, error, message] of thrown) {
    it(`of ${what} is one line`, () => {
      assert.equal(messageOf(error), message);
    });
  }
});

describe("describeProblems, of very many problems", () => {
  const problems = Array.from({ length: 101 }, (_, index) => ({ path: `a[${index}]`, reason: "is empty." }));

  it("shows a hundred", () => {
    const lines = describeProblems("The config", problems.slice(0, 100)).split("\n");
    assert.deepEqual([lines.length, lines.at(-1)], [101, "  a[99]: is empty."]);
  });

  it("counts the rest", () => {
    const lines = describeProblems("The config", problems).split("\n");
    assert.deepEqual(lines.slice(-2), ["  a[99]: is empty.", "  and 1 more"]);
  });
});

describe("listed", () => {
  it("quotes what is not a plain word", () => {
    assert.equal(joinWords(["a-b", "a b", "\u001b[31m"]), String.raw`a-b, "a b", "\u001b[31m"`);
  });

  it("shows the first of very many", () => {
    const words = Array.from({ length: 33 }, (_, index) => `w${index}`);
    assert.equal(joinWords(words), `${words.slice(0, 32).join(", ")} and 1 more`);
    assert.equal(joinWords(words.slice(0, 32)), words.slice(0, 32).join(", "));
  });
});

describe("unknownMembers", () => {
  it("finds none where all are known", () => {
    assert.deepEqual(unknownMembers({ a: 1 }, ["a", "b"], "x"), []);
  });

  for (const member of ["constructor", "toString", "__proto__"]) {
    it(`does not know ${member}`, () => {
      const value = JSON.parse(`{"${member}":1}`) as object;
      assert.deepEqual(unknownMembers(value, ["a"], "x"), [
        { path: `x.${member}`, reason: "is not a known name. Expected one of: a." },
      ]);
    });
  }

  it("names the nearest known member", () => {
    assert.deepEqual(unknownMembers({ nam: 1 }, ["image", "name"], ""), [
      { path: "nam", reason: 'is not a known name (did you mean "name"?). Expected one of: image, name.' },
    ]);
  });
});

describe("suggestion", () => {
  const suggestions: [word: string, known: string[], expected: string][] = [
    ["regstries", ["registries", "rotation"], ' (did you mean "registries"?)'],
    ["REGISTRIES", ["registries"], ' (did you mean "registries"?)'],
    ["allowanonymous", ["allowAnonymous"], ' (did you mean "allowAnonymous"?)'],
    ["previousRegistry", ["registries", "previousRegistries"], ' (did you mean "previousRegistries"?)'],
    ["https", ["HTTP", "HTTPS"], ' (did you mean "HTTPS"?)'],
    ["ab", ["cd"], ' (did you mean "cd"?)'],
    ["abc", ["def"], ""],
    ["something", ["registries"], ""],
    ["a".repeat(64), ["a".repeat(64)], ` (did you mean "${"a".repeat(64)}"?)`],
    ["a".repeat(65), ["a".repeat(65)], ""],
    ["word", [], ""],
    ["a b", ["a bc"], ' (did you mean "a bc"?)'],
    ["word", Array.from({ length: 1000 }, () => "word"), ' (did you mean "word"?)'],
    ["word", Array.from({ length: 1001 }, () => "word"), ""],
  ];
  for (const [word, known, expected] of suggestions) {
    it(`for ${word} among ${JSON.stringify(known)} is ${JSON.stringify(expected)}`, () => {
      assert.equal(suggestion(word, known), expected);
    });
  }
});

describe("joinPath", () => {
  const paths: [parent: string, member: string, expected: string][] = [
    ["", "a", "a"],
    ["a", "b", "a.b"],
    ["a[0]", "b-c_D9", "a[0].b-c_D9"],
    ["a", "", 'a[""]'],
    ["", "a b", '["a b"]'],
    ["a", "b.c", 'a["b.c"]'],
    ["a", 'b"]\n', String.raw`a["b\"]\n"]`],
    ["a", "\u009b31m\u202e", String.raw`a["\u009b31m\u202e"]`],
    ["a", "b".repeat(128), `a.${"b".repeat(128)}`],
    ["a", "b".repeat(129), `a["${"b".repeat(128)}"]`],
  ];
  for (const [parent, member, expected] of paths) {
    it(`of ${JSON.stringify(parent)} and ${JSON.stringify(member)} is ${expected}`, () => {
      assert.equal(joinPath(parent, member), expected);
    });
  }
});

describe("quote", () => {
  it("writes a text on one line", () => {
    assert.equal(quote('a\n"b"'), String.raw`"a\n\"b\""`);
  });

  it("escapes what a terminal obeys or does not show, and keeps the rest", () => {
    assert.equal(quote("é漢🔑 \u001b[31m"), String.raw`"é漢🔑 \u001b[31m"`);
    assert.equal(
      quote("\u007f\u009b\u200b\u202e\u2028\ufeff\ud83d\u{e0001}"),
      String.raw`"\u007f\u009b\u200b\u202e\u2028\ufeff\ud83d\udb40\udc01"`,
    );
  });

  it("keeps a text of 256 characters", () => {
    assert.equal(quote("a".repeat(256)), `"${"a".repeat(256)}"`);
  });

  it("cuts a longer text", () => {
    assert.equal(quote("a".repeat(257)), `"${"a".repeat(256)}..."`);
  });
});

describe("isObject", () => {
  for (const value of [{}, Object.create(null), { a: 1 }]) {
    it(`is true for ${JSON.stringify(value)}`, () => {
      assert.equal(isObject(value), true);
    });
  }

  for (const value of [undefined, null, [], "a", 1, false]) {
    it(`is false for ${JSON.stringify(value)}`, () => {
      assert.equal(isObject(value), false);
    });
  }
});

describe("kindOf", () => {
  const kinds: [value: unknown, kind: string][] = [
    [undefined, "nothing"],
    [null, "nothing"],
    [[1], "a list"],
    [{ a: 1 }, "an object"],
    ["text", "a string"],
    [1, "a number"],
    [false, "a boolean"],
  ];
  for (const [value, kind] of kinds) {
    it(`calls ${JSON.stringify(value)} ${kind}`, () => {
      assert.equal(kindOf(value), kind);
    });
  }
});
