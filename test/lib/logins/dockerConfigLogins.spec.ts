import assert from "node:assert/strict";
import { pastedFrom } from "../../../components/lib/logins/credentials";
import { checkDockerConfig } from "../../../components/lib/logins/dockerConfigLogins";
import type { Problem } from "../../../components/lib/problems";
import { maxSecretSize } from "../../../components/lib/secretSize";
import { base64 } from "../../support/secrets/cloudSecrets";

const auth = base64("janedoe:c4n4ry-password");
const configOf = (auths: object): string => JSON.stringify({ auths });

function check(value: unknown) {
  return checkDockerConfig(value, "dockerConfigJson", pastedFrom([value]), []);
}

function problemsOf(value: unknown): Problem[] {
  return check(value).problems;
}

describe("checkDockerConfig", () => {
  it("reads logins as a list has them, Docker Hub by its one key", () => {
    const config = configOf({
      "index.docker.io": { username: "u", password: "p", email: "e@example.com" },
      "https://quay.io/team/": { auth },
      "https://index.docker.io/v1/refresh-token": { auth },
    });
    const first = {
      server: "https://index.docker.io/v1/",
      username: "u",
      password: "p",
      email: "e@example.com",
    };
    const second = { server: "https://quay.io/team/", username: "janedoe", password: "c4n4ry-password" };
    assert.deepEqual(check(config), {
      logins: [
        {
          server: first.server,
          path: 'dockerConfigJson.auths["index.docker.io"]',
          isFromConfig: true,
          credential: first,
        },
        {
          server: second.server,
          path: 'dockerConfigJson.auths["https://quay.io/team/"]',
          isFromConfig: true,
          credential: second,
        },
      ],
      problems: [],
      isComplete: true,
    });
  });

  it("takes a password that begins or ends with white space as it is", () => {
    for (const password of [" c4n4ry", "c4n4ry ", "  "]) {
      const { logins, problems } = check(configOf({ "quay.io": { username: "u", password } }));
      assert.deepEqual(problems, []);
      assert.equal(logins[0]?.credential?.password, password);
    }
  });

  const whole: [what: string, value: unknown, reason: string][] = [
    ["nothing", null, "is nothing: give the text of a Docker config.json."],
    ["an object", { auths: {} }, "is an object: give the text of a Docker config.json."],
    ["an empty text", " \n", "is empty: give the text of a Docker config.json."],
    ["another text", "c4n4ry", "is not JSON: give the text of a Docker config.json."],
    [
      "JSON that is cut",
      configOf({ "a.b": { auth } }).slice(0, -2),
      "is not JSON: give the text of a Docker config.json.",
    ],
    ["base64", base64(configOf({})), "is base64, as the data of a Secret is shown: decode it first."],
    ["a list", "[]", "is a list: give an object."],
    ["no auths", "{}", 'has no auths: give {"auths":{"<server>":{"username":"...","password":"..."}}}.'],
    [
      "a credential helper",
      '{"auths":{},"credsStore":"osxkeychain"}',
      "keeps its logins in a credential helper (credsStore, credHelpers), which kubelet can't ask: give username and password, as `docker-credential-<helper> get` prints them.",
    ],
    [
      "more than a Secret holds",
      configOf({ "a.b": { auth: "A".repeat(1024 * 1024) } }),
      "has 1048605 bytes, and Kubernetes takes at most 1048576 in a Secret: give only the logins that pods need.",
    ],
    [
      "objects in objects",
      '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000),
      "is nested deeper than 10000 levels: give the text of a Docker config.json.",
    ],
  ];
  for (const [what, value, reason] of whole) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(check(value), {
        logins: [],
        problems: [{ path: "dockerConfigJson", reason }],
        isComplete: false,
      });
    });
  }

  it("takes a text that just fits into a Secret", () => {
    const configWith = (password: string) => configOf({ "a.b": { username: "u", password } });
    const room = maxSecretSize - configWith("").length;
    assert.deepEqual(problemsOf(configWith("p".repeat(room))), []);
    assert.equal(problemsOf(configWith("p".repeat(room + 1))).length, 1);
  });

  it("refuses no logins", () => {
    assert.deepEqual(problemsOf('{"auths":{}}'), [
      { path: "dockerConfigJson.auths", reason: "is empty: give at least one registry." },
    ]);
  });

  it("reports everything at once, each at its server, and no secret", () => {
    const config = configOf({
      "no-base64.io": { auth: "c4n4ry!" },
      "no-colon.io": { auth: base64("c4n4ry") },
      "empty.io": {},
      "token.io": { auth: base64("c4n4ry-user:"), identitytoken: "c4n4ry" },
      "colon.io": { username: "c4n4ry:c4n4ry", password: "c4n4ry-password" },
      "control.io": { username: "c4n4ry\u0000", password: "c4n4ry\tpassword" },
      "lines.io": { username: "c4n4ry", password: "c4n4ry\npassword" },
      "email.io": { username: "u", password: "c4n4ry-password", email: "c4n4ry\n" },
      "mail.io": { username: "u", password: "c4n4ry-password", email: "c4n4ry\u0007" },
      "oci://scheme.io": { auth },
      registry: { auth },
      ["__proto__"]: { auth },
      constructor: { auth },
      "janedoe:c4n4ry@user.io": { auth },
      "sound.io": { auth },
    });
    const proto = config.replace('"registry"', '"__proto__":{"auth":"dTpw"},"registry"');
    const { problems, logins, isComplete } = check(proto);
    assert.deepEqual(problems, [
      {
        path: 'dockerConfigJson.auths["no-base64.io"].auth',
        reason: 'is not base64 (letters, digits, "+" and "/"): give the base64 of username:password.',
      },
      {
        path: 'dockerConfigJson.auths["no-colon.io"].auth',
        reason: "has no colon when decoded: give the base64 of username:password.",
      },
      {
        path: 'dockerConfigJson.auths["empty.io"]',
        reason: "has no login: give username and password, or auth.",
      },
      {
        path: 'dockerConfigJson.auths["token.io"]',
        reason:
          "has an identity token, which kubelet ignores: give username and password, such as an access token of the registry.",
      },
      {
        path: 'dockerConfigJson.auths["colon.io"].username',
        reason: 'contains ":", where kubelet splits username from password: a username can\'t have one.',
      },
      ...["username", "password"].map((member) => ({
        path: `dockerConfigJson.auths["control.io"].${member}`,
        reason: "contains a control character, such as a tab or what a key of the terminal sends: remove it.",
      })),
      {
        path: 'dockerConfigJson.auths["lines.io"].password',
        reason: "contains a newline: often the end of the file that it was read from. Remove it.",
      },
      {
        path: 'dockerConfigJson.auths["email.io"].email',
        reason: "contains a newline: often the end of the file that it was read from. Remove it.",
      },
      {
        path: 'dockerConfigJson.auths["mail.io"].email',
        reason: "contains a control character, such as a tab or what a key of the terminal sends: remove it.",
      },
      {
        path: 'dockerConfigJson.auths["oci://scheme.io"]',
        reason:
          '"oci://scheme.io" has a scheme that kubelet does not know: write the host alone, or https:// before it.',
      },
      {
        path: "dockerConfigJson.auths.__proto__",
        reason:
          '"__proto__" is not host[:port][/path]: a host has letters, digits, "-" and ".", and "*" for a part of a label.',
      },
      ...["registry", "constructor"].map((server) => ({
        path: `dockerConfigJson.auths.${server}`,
        reason: `"${server}" has a host without a dot or port, and an image named "host/app" is on Docker Hub: write the full host name or the port.`,
      })),
      {
        path: 'dockerConfigJson.auths["...@user.io"]',
        reason: "contains user information (an @): give the registry's host.",
      },
    ]);
    assert.doesNotMatch(JSON.stringify(problems), /c4n4ry/);
    assert.equal(isComplete, false);
    assert.deepEqual(
      logins.map(({ server }) => server),
      ["colon.io", "control.io", "lines.io", "email.io", "mail.io", "sound.io"],
    );
    assert.deepEqual(
      logins.filter(({ credential }) => credential !== undefined).map(({ server }) => server),
      ["sound.io"],
    );
  });

  it("does not show a server that is a password", () => {
    const config = configOf({ "https://C4n4ry-password": { auth } });
    assert.deepEqual(problemsOf(config), [
      {
        path: "dockerConfigJson.auths",
        reason:
          "has upper case in its host, and kubelet compares hosts letter by letter: give the registry's host.",
      },
    ]);
  });

  it("refuses two spellings of one server", () => {
    const [problem, ...others] = problemsOf(configOf({ "quay.io": { auth }, "https://quay.io": { auth } }));
    assert.deepEqual(others, []);
    assert.equal(problem?.path, 'dockerConfigJson.auths["https://quay.io"]');
    assert.match(
      problem.reason,
      /^is the same key to kubelet as dockerConfigJson\.auths\["quay\.io"\]: keep one of them\. If pods/,
    );
  });

  for (const [what, entry] of Object.entries({
    "an auth that is wrong": { auth: "!" },
    "no login": {},
    "a wrong login": { username: "a:b", password: "p" },
  })) {
    it(`finds no more of ${what} than a message shows`, () => {
      const auths = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`r${index}.io`, entry]));
      const problems = problemsOf(configOf(auths));
      assert.equal(problems.length, 100);
      assert.match(problems[99]?.path ?? "", /^dockerConfigJson\.auths\["r99\.io"\]/);
    });
  }

  it("checks no more logins once it has found what a message shows, and is then incomplete", () => {
    const wrong = { username: "a:b", password: "c\n", email: "d\n" };
    for (const [entry, checked] of [
      [{ ...wrong, password: "c", email: "d" }, 100],
      [wrong, 34],
    ] as const) {
      const auths = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`r${index}.io`, entry]));
      const { logins, problems, isComplete } = check(configOf(auths));
      assert.deepEqual([logins.length, problems.length, isComplete], [checked, 100, false]);
    }
  });

  it("takes the last of repeated servers, as Go does", () => {
    const twice = `{"auths":{"quay.io":{"auth":"${base64("a:b")}"}},"AUTHS":{"quay.io":{"auth":"${auth}"}}}`;
    assert.equal(check(twice).logins[0]?.credential?.password, "c4n4ry-password");
  });
});
