import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeDockerConfigJson, type RegistryLogin } from "../../components/lib/kubelet/dockerConfigJson";
import { ownSecretProblems } from "../../components/lib/logins/loginSources";
import * as registryPresets from "../../components/lib/logins/registryPresets";
import { checkLogins } from "../../components/lib/secretContents";
import { huaweiKeys } from "../support/secrets/cloudSecrets";

const login = { server: "registry.example.com", username: "janedoe", password: "hunter2" };
const other = { server: "other.example.com", username: "janedoe", password: "hunter2" };

describe("checkLogins", () => {
  it("plans one content for all namespaces", () => {
    const { result, problems } = checkLogins({ registries: [login, other] }, ["a", "b"]);
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.keys(result), ["current", "sources"]);
    assert.deepEqual(result.current.texts, {
      a: encodeDockerConfigJson([login, other]),
      b: encodeDockerConfigJson([login, other]),
    });
    assert.deepEqual(result.current.servers, {
      a: ["registry.example.com", "other.example.com"],
      b: ["registry.example.com", "other.example.com"],
    });
    assert.equal(result.current.isComplete, true);
  });

  it("gives a namespace only the logins that are meant for it", () => {
    const registries = [{ ...login, namespaces: ["a"] }, other];
    const { texts, servers } = checkLogins({ registries }, ["a", "b"]).result.current;
    assert.deepEqual(texts, {
      a: encodeDockerConfigJson([login, other]),
      b: encodeDockerConfigJson([other]),
    });
    assert.deepEqual(servers, { a: ["registry.example.com", "other.example.com"], b: ["other.example.com"] });
  });

  it("writes email, and neither expiry nor namespaces, into the content", () => {
    const registries = [
      { ...login, email: "janedoe@example.com", expiresAt: "2027-01-31T00:00:00Z", namespaces: ["a"] },
    ];
    assert.equal(
      checkLogins({ registries }, ["a"]).result.current.texts["a"],
      '{"auths":{"registry.example.com":{"username":"janedoe","password":"hunter2","email":"janedoe@example.com","auth":"amFuZWRvZTpodW50ZXIy"}}}',
    );
  });

  it("plans the outgoing logins beside the current ones", () => {
    const { result } = checkLogins({ registries: [login], previousRegistries: [other] }, ["a"]);
    assert.deepEqual(result.current.texts, { a: encodeDockerConfigJson([login]) });
    assert.deepEqual(result.previous?.texts, { a: encodeDockerConfigJson([other]) });
  });

  it("lets the outgoing logins leave out a namespace", () => {
    const previousRegistries = [{ ...login, namespaces: ["a"] }];
    const { result, problems } = checkLogins({ registries: [login], previousRegistries }, ["a", "b"]);
    assert.deepEqual(problems, []);
    assert.equal(result.previous?.texts["b"], '{"auths":{}}');
  });

  it("refuses a namespace without a login", () => {
    const registries = [{ ...login, namespaces: ["a"] }];
    assert.deepEqual(checkLogins({ registries }, ["a", "b", "c"]).problems, [
      {
        path: "registries",
        reason:
          'no registry is for the namespace key "b": name the key in a registry\'s `namespaces`, or drop it.',
      },
      {
        path: "registries",
        reason:
          'no registry is for the namespace key "c": name the key in a registry\'s `namespaces`, or drop it.',
      },
    ]);
  });

  it("reports current and outgoing logins at once, each under its path", () => {
    const { problems } = checkLogins({ registries: [], previousRegistries: [{}] }, ["a"]);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["registries", "previousRegistries[0].username", "previousRegistries[0].password"],
    );
  });

  it("plans no content while a login is wrong, but all servers that are known", () => {
    const registries = [{ ...login, password: "" }, other];
    const { texts, servers, isComplete } = checkLogins({ registries }, ["a"]).result.current;
    assert.deepEqual(texts, {});
    assert.deepEqual(servers, { a: ["registry.example.com", "other.example.com"] });
    assert.equal(isComplete, true);
  });

  for (const registries of [null, "text", [{ ...login, server: "registry" }, other]]) {
    it(`knows that ${JSON.stringify(registries)} don't tell all servers`, () => {
      assert.equal(checkLogins({ registries }, ["a"]).result.current.isComplete, false);
    });
  }

  it("plans nothing for namespaces that are not known", () => {
    const { result, problems } = checkLogins({ registries: [login] }, undefined);
    assert.deepEqual(problems, []);
    assert.deepEqual([result.current.texts, result.current.servers], [{}, {}]);
  });

  for (const key of ["__proto__", "constructor", "toString"]) {
    it(`plans for the namespace key ${key} as for any other`, () => {
      const { texts } = checkLogins({ registries: [login] }, [key]).result.current;
      assert.deepEqual(Object.entries(texts), [[key, encodeDockerConfigJson([login])]]);
    });
  }
});

describe("checkLogins, the size of a Secret", () => {
  const mebibyte = 1024 * 1024;
  const emptiest = encodeDockerConfigJson([{ ...login, email: "e" }]).length - 1;

  function sizedTo(bytes: number): RegistryLogin {
    return { ...login, email: "e".repeat(bytes - emptiest) };
  }

  it("may be 1 MiB", () => {
    const registries = [sizedTo(mebibyte)];
    const { result, problems } = checkLogins({ registries }, ["a"]);
    assert.deepEqual(problems, []);
    assert.equal(result.current.texts["a"]?.length, 1_048_576);
  });

  it("may not be a byte more", () => {
    assert.deepEqual(checkLogins({ registries: [sizedTo(mebibyte + 1)] }, ["a", "b"]).problems, [
      { path: "registries", reason: tooLarge("a") },
      { path: "registries", reason: tooLarge("b") },
    ]);
  });

  it("is counted in bytes of UTF-8", () => {
    const registries = [{ ...login, email: "é".repeat(mebibyte / 2) }];
    assert.match(
      checkLogins({ registries }, ["a"]).problems[0]?.reason ?? "",
      /^would make a Secret of 10486\d\d bytes/,
    );
  });

  function tooLarge(key: string): string {
    return `would make a Secret of 1048577 bytes for the namespace key "${key}", and Kubernetes takes at most 1048576: use fewer or shorter credentials.`;
  }
});

describe("checkLogins, the digest", () => {
  const digestOf = (...registries: unknown[]): string =>
    checkLogins({ registries }, ["a", "b"]).result.current.digest;

  it("is a hexadecimal SHA-256", () => {
    assert.match(digestOf(login), /^[0-9a-f]{64}$/);
  });

  it("is what earlier versions computed, or each stack that upgrades would make new Secrets", () => {
    const hub = {
      username: "hub",
      password: "p",
      email: "janedoe@example.com",
      namespaces: ["b", "a"],
      expiresAt: "2999-01-31T00:00:00Z",
    };
    assert.equal(digestOf(login, hub), "5f6040d1b3bed4ee40e757c30850510323394d332b3325d48b3184be01fe0d1f");
  });

  it("is the same whichever way the same logins are given", () => {
    const swr = registryPresets.huaweiSwr(huaweiKeys);
    const json = encodeDockerConfigJson([login, swr]);
    const { current } = checkLogins({ dockerConfigJson: json }, ["a", "b"]).result;
    assert.equal(current.digest, digestOf(swr, login));
    assert.equal(current.digest, digestOf({ huaweiSwr: huaweiKeys }, login));
  });

  const same: [title: string, one: unknown[], two: unknown[]][] = [
    ["the order of logins", [login, other], [other, login]],
    ["the order of members", [login], [Object.fromEntries(Object.entries(login).reverse())]],
    [
      "the order of namespaces",
      [{ ...login, namespaces: ["a", "b"] }],
      [{ ...login, namespaces: ["b", "a"] }],
    ],
    ["an expiry", [login], [{ ...login, expiresAt: "2027-01-31T00:00:00Z" }]],
    ["an empty email", [login], [{ ...login, email: "" }]],
    [
      "the spelling of Docker Hub",
      [{ ...login, server: "docker.io" }],
      [{ ...login, server: "hub.docker.com" }],
    ],
  ];
  for (const [title, one, two] of same) {
    it(`does not change with ${title}`, () => {
      assert.equal(digestOf(...one), digestOf(...two));
    });
  }

  const changed: [title: string, registries: unknown[]][] = [
    ["the server", [{ ...login, server: "https://registry.example.com" }]],
    ["the user name", [{ ...login, username: "jane" }]],
    ["the password", [{ ...login, password: "hunter3" }]],
    ["an email", [{ ...login, email: "janedoe@example.com" }]],
    ["the namespaces", [{ ...login, namespaces: ["a"] }]],
    ["another login", [login, other]],
    [
      "a character that moves from user name to password",
      [{ ...login, username: "janedo", password: "ehunter2" }],
    ],
  ];
  for (const [title, registries] of changed) {
    it(`changes with ${title}`, () => {
      assert.notEqual(digestOf(...registries), digestOf(login));
    });
  }

  it("changes with another email", () => {
    const [one, two] = ["jane@example.com", "doe@example.com"].map((email) => digestOf({ ...login, email }));
    assert.notEqual(one, two);
  });

  const text = fc
    .string({ minLength: 1, unit: "binary" })
    .filter((value) => /^\S+$/.test(value) && !value.includes(":"));
  const anyLogin = fc.record(
    {
      server: fc.constantFrom("a.example.com", "b.example.com", "docker.io", "docker.io/a"),
      username: text,
      password: text,
      email: text,
      namespaces: fc.uniqueArray(fc.constantFrom<string[]>("a", "b"), { minLength: 1 }),
    },
    { requiredKeys: ["server", "username", "password"], noNullPrototype: true },
  );
  const logins = fc.uniqueArray(anyLogin, { selector: ({ server }) => server, minLength: 1 });

  it("is the same for any order of any logins, and so are the contents", () => {
    fc.assert(
      fc.property(logins, (registries) => {
        const plan = checkLogins({ registries }, ["a", "b"]).result.current;
        const turned = checkLogins({ registries: registries.toReversed() }, ["a", "b"]).result.current;
        assert.deepEqual([turned.digest, turned.texts], [plan.digest, plan.texts]);
      }),
    );
  });

  it("is the same only for logins of the same contents", () => {
    fc.assert(
      fc.property(logins, logins, (one, two) => {
        const [first, second] = [one, two].map(
          (registries) => checkLogins({ registries }, ["a", "b"]).result.current,
        );
        fc.pre(JSON.stringify(first?.texts) !== JSON.stringify(second?.texts));
        assert.notEqual(first?.digest, second?.digest);
      }),
    );
  });

  it("comes with contents that are kubectl's of the logins of each namespace", () => {
    fc.assert(
      fc.property(logins, (registries) => {
        const { result, problems } = checkLogins({ registries }, ["a", "b"]);
        fc.pre(problems.length === 0);
        for (const key of ["a", "b"]) {
          const held = registries
            .filter(({ namespaces }) => namespaces?.includes(key) ?? true)
            .map(({ server, username, password, email }) => ({
              server: server === "docker.io" ? "https://index.docker.io/v1/" : server,
              username,
              password,
              ...(email !== undefined && { email }),
            }));
          assert.equal(result.current.texts[key], encodeDockerConfigJson(held));
        }
      }),
    );
  });
});

describe("checkLogins, of a config.json", () => {
  const config = encodeDockerConfigJson([other]);

  it("puts its logins beside those of the list, in all namespaces", () => {
    const registries = [{ ...login, namespaces: ["a"] }];
    const { result, problems } = checkLogins({ registries, dockerConfigJson: config }, ["a", "b"]);
    assert.deepEqual(problems, []);
    assert.deepEqual(result.current.texts, {
      a: encodeDockerConfigJson([login, other]),
      b: encodeDockerConfigJson([other]),
    });
    assert.equal(result.current.isComplete, true);
    assert.deepEqual(result.sources, [registries, config, undefined, undefined]);
  });

  it("may be all there is, of the current and of the outgoing logins", () => {
    const logins = { dockerConfigJson: config, previousDockerConfigJson: encodeDockerConfigJson([login]) };
    const { result, problems } = checkLogins(logins, ["a"]);
    assert.deepEqual(problems, []);
    assert.deepEqual(result.current.texts, { a: config });
    assert.deepEqual(result.previous?.texts, { a: encodeDockerConfigJson([login]) });
  });

  it("has no Secret text where there are no logins at all", () => {
    const { result, problems } = checkLogins({}, ["a"]);
    assert.deepEqual(problems, []);
    assert.deepEqual([result.current.texts, result.current.servers], [{}, { a: [] }]);
    assert.equal(result.current.isComplete, true);
  });

  it("refuses a login of the same key in the list, with both places, for any namespaces", () => {
    const registries = [login, { ...other, namespaces: ["a"], server: `https://${other.server}` }];
    assert.deepEqual(checkLogins({ registries, dockerConfigJson: config }, ["a", "b"]).problems, [
      {
        path: 'dockerConfigJson.auths["other.example.com"]',
        reason:
          "is the same key to kubelet as registries[1].server: keep one of them. If pods need both, name the part of the registry that each one is for, with a trailing slash, such as registry.example.com/team-a/ and registry.example.com/team-b/, or make a second ImagePullSecret with one of them.",
      },
    ]);
    assert.deepEqual(
      checkLogins({ registries: [login], previousRegistries: [other], dockerConfigJson: config }, ["a"])
        .problems,
      [],
    );
  });

  it("knows that a wrong one does not tell all servers", () => {
    for (const dockerConfigJson of [
      null,
      "",
      "{",
      '{"auths":{"a.b":{}}}',
      '{"auths":{"A.b":{"auth":"dTpw"}}}',
    ]) {
      assert.equal(checkLogins({ dockerConfigJson }, ["a"]).result.current.isComplete, false);
    }
    const noPassword = '{"auths":{"a.b":{"username":"a:b","password":"p"}}}';
    const { current } = checkLogins({ dockerConfigJson: noPassword }, ["a"]).result;
    assert.deepEqual([current.isComplete, current.servers], [true, { a: ["a.b"] }]);
  });

  it("that makes too large a Secret is named as the place", () => {
    const auths = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [
        `r${index}.io`,
        { username: "u", password: "p".repeat(1500) },
      ]),
    );
    const { problems } = checkLogins({ dockerConfigJson: JSON.stringify({ auths }) }, ["a"]);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["dockerConfigJson"],
    );
    assert.match(problems[0]?.reason ?? "", /^would make a Secret of 1\d{6} bytes/);
  });
});

describe("ownSecretProblems", () => {
  const given = {
    previousRegistries: [],
    previousDockerConfigJson: "",
    adopt: true,
    serviceAccounts: {},
    patchServiceAccounts: {},
  };

  it("names what needs a Secret where none is made", () => {
    const reason =
      "needs logins in `registries` or `dockerConfigJson`: with `extraPullSecrets` alone no Secret is made.";
    assert.deepEqual(
      ownSecretProblems({ ...given, extraPullSecrets: [] }),
      Object.keys(given).map((path) => ({ path, reason })),
    );
    assert.deepEqual(ownSecretProblems({ extraPullSecrets: [], adopt: false, rotation: "versioned" }), []);
  });

  it("has none where one is made", () => {
    assert.deepEqual(ownSecretProblems({ ...given, registries: [] }), []);
    assert.deepEqual(ownSecretProblems({ ...given, dockerConfigJson: "" }), []);
  });
});
