import assert from "node:assert/strict";
import { rootCertificates } from "node:tls";
import { hidePasswords } from "../../../components/lib/hidePasswords";
import { checkCredentials, type Credential } from "../../../components/lib/logins/credentials";
import { type Problem, quote } from "../../../components/lib/problems";

const login = { server: "registry.example.com", username: "janedoe", password: "hunter2 & more" };
const hub = "https://index.docker.io/v1/";

function credentialsOf(list: unknown[]): Credential[] {
  return checkCredentials(list, "registries").logins.flatMap(({ credential }) => credential ?? []);
}

describe("checkCredentials", () => {
  it("reads a login with all its members", () => {
    const entry = {
      ...login,
      email: "janedoe@example.com",
      expiresAt: "2027-01-31T00:00:00Z",
      namespaces: ["shop"],
      insecure: true,
      caBundle: rootCertificates[0],
    };
    assert.deepEqual(checkCredentials([entry], "registries", ["shop", "billing"]), {
      logins: [
        {
          server: "registry.example.com",
          namespaces: ["shop"],
          path: "registries[0]",
          credential: entry,
        },
      ],
      problems: [],
    });
  });

  it("adds no members that were not given", () => {
    assert.deepEqual(checkCredentials([login], "registries"), {
      logins: [{ server: "registry.example.com", path: "registries[0]", credential: login }],
      problems: [],
    });
  });

  it("takes Docker Hub where no server is given", () => {
    const list = [{ username: "u", password: "p" }];
    assert.deepEqual(checkCredentials(list, "registries").problems, []);
    assert.deepEqual(credentialsOf(list), [{ server: hub, username: "u", password: "p" }]);
  });

  it("writes Docker Hub by its one key", () => {
    assert.equal(credentialsOf([{ ...login, server: "hub.docker.com" }])[0]?.server, hub);
  });

  it("takes an empty email for none, as kubectl does", () => {
    assert.deepEqual(credentialsOf([{ ...login, email: "" }]), [login]);
  });

  it("takes any namespaces where the known ones are not given", () => {
    assert.deepEqual(checkCredentials([{ ...login, namespaces: ["any"] }], "registries").problems, []);
  });

  const lists: [value: unknown, reason: string][] = [
    [undefined, "is nothing: give a list of registries, each with server, username and password."],
    [null, "is nothing: give a list of registries, each with server, username and password."],
    ["hunter2", "is a string: give a list of registries, each with server, username and password."],
    [{ a: login }, "is an object: give a list of registries, each with server, username and password."],
    [[], "is empty: give at least one registry."],
  ];
  for (const [value, reason] of lists) {
    it(`refuses ${JSON.stringify(value)} for the list`, () => {
      assert.deepEqual(checkCredentials(value, "registries"), {
        logins: [],
        problems: [{ path: "registries", reason }],
      });
    });
  }

  const entries: [value: unknown, reason: string][] = [
    [null, "is nothing: give server, username and password."],
    ["hunter2", "is a string: give server, username and password."],
    [[login], "is a list: give server, username and password."],
    [7, "is a number: give server, username and password."],
  ];
  for (const [value, reason] of entries) {
    it(`refuses ${JSON.stringify(value)} for a login`, () => {
      assert.deepEqual(problemsOf(value), [{ path: "registries[0]", reason }]);
    });
  }

  const newline = "contains a newline: often the end of the file that it was read from. Remove it.";
  const space = "begins or ends with white space: remove it.";
  const control =
    "contains a control character, such as a tab or what a key of the terminal sends: remove it.";
  const time = 'is not an RFC 3339 time: write one in quotes, such as "2027-01-31T00:00:00Z".';
  const noStrings = "is not a list of strings: give keys of the `namespaces` argument.";
  const noCertificate = "is not a certificate in PEM: give the text starting at -----BEGIN CERTIFICATE-----.";
  const members: [member: string, value: unknown, reason: string][] = [
    ["username", undefined, "is missing: give the account's user name at the registry."],
    ["username", null, "is missing: give the account's user name at the registry."],
    ["username", "", "is empty."],
    ["username", 7, "is a number: give a string."],
    [
      "username",
      "jane:doe",
      `contains ":", where kubelet splits username from password: a username can't have one.`,
    ],
    ["username", " janedoe", space],
    ["username", "janedoe\n", newline],
    [
      "password",
      undefined,
      "is missing: set it with `pulumi config set --secret --path`, or give huaweiSwr, ecrToken or googleKey instead.",
    ],
    [
      "password",
      null,
      "is missing: set it with `pulumi config set --secret --path`, or give huaweiSwr, ecrToken or googleKey instead.",
    ],
    ["password", "", "is empty."],
    ["password", 12345678, "is a number: give a string."],
    ["password", { secure: "v1:" }, "is an object: give a string."],
    ["password", "hunter2 ", space],
    ["password", "\thunter2", space],
    ["password", "hunter2\u00a0", space],
    ["password", "hunter2\r", newline],
    ["password", "hunter\n2", newline],
    ["password", "hunter2\n\n", newline],
    [
      "password",
      '{\n  "type": "service_account"\n}\n',
      "contains a newline: give the JSON key in one line, as `jq -c . key.json` prints it.",
    ],
    ["password", '{"type":"service_account"}\n', newline],
    ["password", "hunter{2\n}", newline],
    ["username", "jane\tdoe", control],
    ["password", "wrong\u0015hunter2", control],
    ["password", "\u001b[200~hunter2\u001b[201~", control],
    ["password", "hunter\u00002", control],
    ["password", "hunter2\u009b2J", control],
    ["email", "jane\u007fdoe@example.com", control],
    ["password", "hunter2\ud800", "is not valid Unicode text (a lone surrogate)."],
    ["email", null, "is missing: give the account's email, or leave the key out."],
    ["email", ["a"], "is a list: give a string."],
    ["email", "janedoe@example.com ", space],
    ["email", "janedoe@example.com\n", newline],
    ["server", null, "is missing: give the registry's host, or leave the key out for Docker Hub."],
    ["server", "", "is empty."],
    ["server", false, "is a boolean: give a string."],
    ["server", " registry.example.com", space],
    ["server", "registry.example.com\n", newline],
    [
      "server",
      "registry.example.com/v2",
      '"registry.example.com/v2" never matches: write "/v2/" with the trailing slash, or neither.',
    ],
    [
      "server",
      "oci://registry.example.com",
      '"oci://registry.example.com" has a scheme that kubelet does not know: write the host alone, or https:// before it.',
    ],
    ["expiresAt", null, time],
    ["expiresAt", 1801353600000, time],
    ["expiresAt", ["2027-01-31T00:00:00Z"], time],
    ["expiresAt", "2027-01-31", time],
    ["expiresAt", "2027-01-31T00:00:00", time],
    ["expiresAt", "2027-13-01T00:00:00Z", time],
    ["expiresAt", "2027-02-29T00:00:00Z", time],
    ["expiresAt", "2027-01-31T24:00:00Z", time],
    ["expiresAt", "2027-01-31T00:60:00Z", time],
    ["expiresAt", "31 Jan 2027 00:00:00Z", time],
    ["namespaces", null, noStrings],
    ["namespaces", "shop", noStrings],
    ["namespaces", ["shop", 7], noStrings],
    ["namespaces", [], "is empty: name a namespace, or leave it out for all."],
    ["insecure", "true", "is a string: give true or false."],
    ["insecure", null, "is nothing: give true or false."],
    ["caBundle", "ca.pem", noCertificate],
    ["caBundle", null, noCertificate],
  ];
  for (const [member, value, reason] of members) {
    it(`refuses ${JSON.stringify(value)} for ${member}`, () => {
      assert.deepEqual(problemsOf({ ...login, [member]: value }), [
        { path: `registries[0].${member}`, reason },
      ]);
    });
  }

  const times = [
    "2027-01-31T00:00:00Z",
    "2028-02-29T23:59:59.123456789+05:30",
    "2027-01-31t00:00:00z",
    "2027-01-31 00:00:00Z",
  ];
  for (const expiresAt of times) {
    it(`takes the time ${expiresAt}`, () => {
      assert.deepEqual(problemsOf({ ...login, expiresAt }), []);
    });
  }

  it("names the item that is not a key of `namespaces`, and the nearest key", () => {
    const entry = { ...login, namespaces: ["shop", "biling"] };
    assert.deepEqual(checkCredentials([entry], "registries", ["shop", "billing"]).problems, [
      {
        path: "registries[0].namespaces[1]",
        reason: 'is not a key of `namespaces` (did you mean "billing"?). Expected one of: shop, billing.',
      },
    ]);
  });

  it("refuses an unknown key and names the nearest known one", () => {
    assert.deepEqual(problemsOf({ ...login, user: "janedoe", Emial: "" }), [
      {
        path: "registries[0].user",
        reason:
          "is not a known name. Expected one of: server, username, password, huaweiSwr, ecrToken, googleKey, email, expiresAt, namespaces, insecure, caBundle.",
      },
      {
        path: "registries[0].Emial",
        reason:
          'is not a known name (did you mean "email"?). Expected one of: server, username, password, huaweiSwr, ecrToken, googleKey, email, expiresAt, namespaces, insecure, caBundle.',
      },
    ]);
  });

  it("reports all problems of all logins at once, under the path of the list, equal keys last", () => {
    const list = [{ username: "a:b", password: "" }, null, { ...login, server: "registry" }, {}];
    assert.deepEqual(
      checkCredentials(list, "previousRegistries").problems.map(({ path }) => path),
      [
        "previousRegistries[0].username",
        "previousRegistries[0].password",
        "previousRegistries[1]",
        "previousRegistries[2].server",
        "previousRegistries[3].username",
        "previousRegistries[3].password",
        "previousRegistries[3].server",
      ],
    );
  });

  it("answers with the servers of wrong logins too, as far as they are servers", () => {
    const list = [
      { ...login, password: "" },
      { ...login, server: "registry" },
      "hunter2",
      { username: "u" },
      { ...login, server: "" },
    ];
    assert.deepEqual(checkCredentials(list, "registries").logins, [
      { server: "registry.example.com", path: "registries[0]" },
      { server: hub, path: "registries[3]" },
    ]);
  });

  it("leaves out the logins with a problem", () => {
    const list = [
      { ...login, username: "" },
      { ...login, server: "other.example.com" },
    ];
    assert.deepEqual(credentialsOf(list), [list[1]]);
  });
});

describe("checkCredentials, two logins with one key for kubelet", () => {
  const clashing: [one: string, other: string][] = [
    ["registry.example.com", "registry.example.com"],
    ["registry.example.com", "https://registry.example.com"],
    ["http://registry.example.com/", "registry.example.com/v2/"],
    ["registry.example.com/team", "https://registry.example.com/v1/team"],
    ["docker.io", "index.docker.io"],
    ["hub.docker.com", hub],
  ];
  for (const [one, other] of clashing) {
    it(`refuses ${one} and ${other}`, () => {
      const list = [
        { ...login, server: one },
        { ...login, server: "other.example.com" },
        { ...login, server: other },
      ];
      assert.deepEqual(checkCredentials(list, "registries").problems, [
        {
          path: "registries[2].server",
          reason:
            "is the same key to kubelet as registries[0].server: keep one of them, or give them different `namespaces`. If pods need both, name the part of the registry that each one is for, with a trailing slash, such as registry.example.com/team-a/ and registry.example.com/team-b/, or make a second ImagePullSecret with one of them.",
        },
      ]);
    });
  }

  const different: [one: string, other: string][] = [
    ["registry.example.com", "registry.example.com:443"],
    [hub, "registry-1.docker.io"],
    ["registry-1.docker.io", "registry.hub.docker.com"],
    ["registry.example.com/team", "registry.example.com/team/"],
    ["docker.io/janedoe", "docker.io"],
    ["*.example.com", "registry.example.com"],
  ];
  for (const [one, other] of different) {
    it(`takes ${one} and ${other}`, () => {
      assert.deepEqual(problemsOf({ ...login, server: one }, { ...login, server: other }), []);
    });
  }

  const placed: [one: string[] | undefined, other: string[] | undefined, clash: boolean][] = [
    [["a"], ["b"], false],
    [["a", "b"], ["b", "c"], true],
    [undefined, ["b"], true],
    [["a"], undefined, true],
  ];
  for (const [one, other, clash] of placed) {
    it(`${clash ? "refuses" : "takes"} them in ${JSON.stringify([one, other])}`, () => {
      const list = [one, other].map((namespaces) => ({ ...login, ...(namespaces && { namespaces }) }));
      assert.equal(checkCredentials(list, "registries").problems.length, clash ? 1 : 0);
    });
  }

  it("refuses the third that shares a namespace with the first", () => {
    const list = [["a"], ["b"], ["a"]].map((namespaces) => ({ ...login, namespaces }));
    assert.match(
      checkCredentials(list, "registries").problems[0]?.reason ?? "",
      /as registries\[0\]\.server/,
    );
  });

  it("refuses the third that shares a namespace with the second", () => {
    const list = [["a"], ["b"], ["b"]].map((namespaces) => ({ ...login, namespaces }));
    assert.match(
      checkCredentials(list, "registries").problems[0]?.reason ?? "",
      /as registries\[1\]\.server/,
    );
  });

  it("refuses them whatever else is wrong with one of them", () => {
    assert.deepEqual(
      problemsOf({ ...login, password: "" }, login).map(({ path }) => path),
      ["registries[0].password", "registries[1].server"],
    );
  });
});

describe("checkCredentials, secrets in the wrong place", () => {
  const upperCase =
    "has upper case in its host, and kubelet compares hosts letter by letter: give the registry's host.";
  const pasted: [title: string, entry: Record<string, unknown>, reason: string][] = [
    ["the password", { server: "Hunter2Canary", password: "Hunter2Canary" }, upperCase],
    ["the password in other case", { server: "HUNTER2CANARY", password: "hunter2canary" }, upperCase],
    ["a password that is an ordinary word", { server: "Canary", password: "Canary" }, upperCase],
    [
      "the password with more around it",
      { server: "x-Hunter2Canary/y", password: "Hunter2Canary" },
      upperCase,
    ],
    ["a password that is wrong itself", { server: "Hunter2Canary", password: "Hunter2Canary\n" }, upperCase],
    ["the only password", { server: "Hunter2Canary", password: undefined }, upperCase],
    ["the only user name", { server: "Hunter2Canary", username: undefined }, upperCase],
    ["a secret beside two others", { server: "Hunter2Canary", ecrToken: "other" }, upperCase],
    ...Object.entries({
      "the only token": { ecrToken: "other" },
      "the only key": { googleKey: "other" },
      "the only access keys": { huaweiSwr: "other" },
      "the only secret key": { huaweiSwr: { region: "cn-north-4", accessKey: "AK" } },
    }).map(([title, secret]): [string, Record<string, unknown>, string] => [
      title,
      { server: "Hunter2Canary", password: undefined, ...secret },
      upperCase,
    ]),
    ["the user name", { server: "Hunter2Canary", username: "Hunter2Canary" }, upperCase],
    [
      "the email",
      { server: "janedoe.hunter2canary/~", email: "janedoe.hunter2canary" },
      "has a path that no image's path begins with: give the registry's host.",
    ],
    [
      "user name and password",
      { server: "janedoe:Hunter2Canary", password: "Hunter2Canary" },
      "has an impossible port: give the registry's host.",
    ],
    [
      "a URL with both",
      { server: "https://janedoe:Hunter2Canary@registry.example.com" },
      "contains user information (an @): give the registry's host.",
    ],
  ];
  for (const [title, entry, reason] of pasted) {
    it(`does not show ${title} that was written into server`, () => {
      const problems = problemsOf({ ...login, ...entry });
      const found = problems.find(({ path }) => path === "registries[0].server")?.reason;
      assert.equal(found, reason);
      assert.doesNotMatch(JSON.stringify(problems), /canary/i);
    });
  }

  it("shows a server that holds no secret, also beside a login with a blank password", () => {
    const list = [
      { ...login, server: "Registry.example.com" },
      { ...login, password: " " },
    ];
    assert.match(problemsOf(...list)[0]?.reason ?? "", /write "registry\.example\.com" here/);
  });

  it("does not show the password of another login", () => {
    const list = [
      { ...login, server: "Hunter2Canary" },
      { ...login, password: "Hunter2Canary" },
    ];
    assert.deepEqual(problemsOf(...list), [{ path: "registries[0].server", reason: upperCase }]);
  });

  for (const key of ["hunter2-canary", 'hunter2 "canary"', "hunter2-canary".repeat(100)]) {
    it(`does not show a password that became a key: ${key.slice(0, 20)}`, () => {
      assert.deepEqual(problemsOf({ ...login, password: key, [key]: "" }), [
        {
          path: "registries[0]",
          reason: "has a key that contains the username, email or password: remove it.",
        },
      ]);
    });
  }
});

describe("checkCredentials, a password that is also the name of the argument", () => {
  it("shows the path of an unknown key", () => {
    const list = [{ ...login, password: "previousRegistries", user: "" }];
    assert.equal(
      checkCredentials(list, "previousRegistries").problems[0]?.path,
      "previousRegistries[0].user",
    );
  });
});

describe("hidePasswords", () => {
  const registries = [[{ password: "hunter2-canary" }, { password: 7 }, null], undefined, "text"];
  const rest: Problem = { path: "workloads.app.image", reason: "is wrong." };

  it("keeps problems without a password as they are", () => {
    assert.deepEqual(hidePasswords([rest], registries), [rest]);
  });

  it("replaces a reason that shows a password", () => {
    const problem = { path: "namespace", reason: '"Hunter2-Canary" is not a DNS-1123 label' };
    assert.deepEqual(hidePasswords([problem, rest], registries), [
      { path: "namespace", reason: "contains a password from the registries: remove it." },
      rest,
    ]);
  });

  for (const path of ["workloads.hunter2-canary.image", 'workloads["hunter2-canary"]']) {
    it(`cuts the path ${path} to its first part`, () => {
      assert.deepEqual(hidePasswords([{ path, reason: "is wrong." }], registries), [
        { path: "workloads", reason: "contains a password from the registries: remove it." },
      ]);
    });
  }

  it("finds the beginning of a password that was cut", () => {
    const problem = { path: "namespace", reason: `"${"a".repeat(200)}..." is not a DNS-1123 label` };
    const [hidden] = hidePasswords([problem], [[{ password: "a".repeat(1000) }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
  });

  it("finds a password that is written as JSON", () => {
    const problem = { path: "namespace", reason: String.raw`"can\"ary\\canary" is not a DNS-1123 label` };
    const [hidden] = hidePasswords([problem], [[{ password: String.raw`can"ary\canary` }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
  });

  it("finds a password with characters that messages escape", () => {
    const problem = {
      path: "namespace",
      reason: `${quote("can\u009bary\u202ecanary")} is not a DNS-1123 label`,
    };
    const [hidden] = hidePasswords([problem], [[{ password: "can\u009bary\u202ecanary" }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
  });

  it("finds a password that is written as in a URL, whatever it holds", () => {
    const problem = { path: "workloads.app.image", reason: '"can%2Fary%25%EF%BF%BDcanary/c" is wrong.' };
    const [hidden] = hidePasswords([problem], [[{ password: "can/ary%\ud83dcanary" }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
  });

  it("finds a password with a character of two units at the place of the cut", () => {
    const password = `${"a".repeat(15)}😀canary`;
    const problem = { path: "namespace", reason: `"${password}" is not a DNS-1123 label` };
    const [hidden] = hidePasswords([problem], [[{ password }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
  });

  it("finds a password of eight characters", () => {
    const problem = { path: "namespace", reason: '"CANARIES" is not a DNS-1123 label' };
    const [hidden] = hidePasswords([problem], [[{ password: "canaries" }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
  });

  it("finds a word only where it is the whole value that is refused", () => {
    const kept: Problem[] = [
      {
        path: "workloads.registry.image",
        reason: 'no server matches "registry.other.com/web:v1". Add a registry.',
      },
      { path: "workloads.registry.containers[0].name", reason: "is missing." },
      {
        path: "serviceAccounts.regstry",
        reason: 'is not known (did you mean "registry"?). Expected one of: registry.',
      },
    ];
    assert.deepEqual(hidePasswords(kept, [[{ username: "registry", password: "registry" }]]), kept);
    const problem = { path: "namespace", reason: 'is "registry": give another.' };
    const [hidden] = hidePasswords([problem], [[{ password: "registry" }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
  });

  it("finds a short password with digits where it is all of a value", () => {
    const problem = (value: string): Problem => ({ path: "secretName", reason: `"${value}" is no name.` });
    const [hidden] = hidePasswords([problem("Hunter2")], [[{ password: "hunter2" }]]);
    assert.equal(hidden?.reason, "contains a password from the registries: remove it.");
    assert.deepEqual(hidePasswords([problem("hunter23")], [[{ password: "hunter2" }]]), [
      problem("hunter23"),
    ]);
  });

  it("does not look into its own sentences", () => {
    for (const password of [
      "allowAnonymous: true",
      "is not a DNS-1123 label",
      "did you mean",
      "server matches",
    ]) {
      const problem = {
        path: "workloads.app.image",
        reason:
          'no server matches "a.b/c" (did you mean "a.b"?); is not a DNS-1123 label. Set `allowAnonymous: true`.',
      };
      assert.deepEqual(hidePasswords([problem], [[{ password }]]), [problem]);
    }
  });

  it("finds a password in what is listed, and in a number that is refused", () => {
    const hidden = "contains a password from the registries: remove it.";
    const problems = [
      { path: "a", reason: "is not a known name. Expected one of: b, hunter2-canary." },
      { path: "replicas", reason: "is 20240131: give a whole number from 0 to 9." },
    ];
    assert.deepEqual(
      hidePasswords(problems, [[{ password: "hunter2-canary" }, { password: "20240131" }]]),
      problems.map(({ path }) => ({ path, reason: hidden })),
    );
  });

  it("shows nothing of a path whose first part holds the password", () => {
    for (const path of ["hunter2-canary", '["hunter2-canary"]', "hunter2-canary.x"]) {
      const [hidden] = hidePasswords([{ path, reason: "is not a known name." }], registries);
      assert.equal(hidden?.path, "[...]");
    }
  });

  it("does not take a short password for more than a part of a word", () => {
    const problem = { path: "workloads.app.image", reason: "the image is wrong." };
    assert.deepEqual(hidePasswords([problem], [[{ password: "image" }]]), [problem]);
  });

  it("finds the password of one login in another one's problem", () => {
    const problem = { path: "registries[1].server", reason: 'names "hunter2-canary".' };
    assert.deepEqual(hidePasswords([problem], registries), [
      { path: "registries[1].server", reason: "contains a password from the registries: remove it." },
    ]);
  });

  it("keeps the problems of the registries that show none", () => {
    const problem = { path: "registries[0].password", reason: "is empty." };
    assert.deepEqual(hidePasswords([problem], [[{ password: "password" }]]), [problem]);
  });
});

function problemsOf(...registries: unknown[]): Problem[] {
  return checkCredentials(registries, "registries").problems;
}
