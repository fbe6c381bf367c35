import assert from "node:assert/strict";
import { CommandError } from "../../commands/commandError";
import {
  defaultServer,
  fullKey,
  type LoginKeys,
  loginKeys,
  namedKeys,
  onlyKeys,
} from "../../commands/loginKeys";

const logins = [{ server: "a.example.com", username: "u", password: { secure: "v1:x" } }];

function found(config: Record<string, unknown>): [current: string, previous: string][] {
  return loginKeys(config, "shop").map(({ current, previous }) => [current, previous]);
}

describe("the config keys with logins", () => {
  it("are found under any namespace and name, by what they hold", () => {
    assert.deepEqual(
      found({
        "shop:region": "eu",
        "shop:users": ["a", "b"],
        "shop:hosts": [{ server: "a.example.com" }],
        "shop:accounts": [{ username: "u", role: "admin" }],
        "shop:none": [],
        "platform:pullLogins": logins,
        "shop:mixed": [...logins, { name: "web" }],
      }),
      [["platform:pullLogins", "platform:previousPullLogins"]],
    );
  });

  const forms: Record<string, object> = {
    "Docker Hub, which needs no server": { username: "u", password: { secure: "v1:x" } },
    "a password that is not set yet": { server: "a.example.com", username: "u" },
    "a mistyped member": { server: "a.example.com", username: "u", pasword: { secure: "v1:x" } },
    "a token of ECR": { server: "1.dkr.ecr.eu-west-1.amazonaws.com", ecrToken: { secure: "v1:x" } },
    "a key of Google": { server: "eu.gcr.io", googleKey: { secure: "v1:x" } },
    "keys of Huawei": { huaweiSwr: { region: "cn-north-4", accessKey: "A", secretKey: { secure: "v1:x" } } },
  };
  for (const [title, login] of Object.entries(forms)) {
    it(`are found with a login for ${title}`, () => {
      assert.deepEqual(found({ "shop:logins": [login] }), [["shop:logins", "shop:previousLogins"]]);
    });
  }

  it("keep their spellings, those of the outgoing logins too", () => {
    assert.deepEqual(found({ registries: logins }), [["registries", "previousRegistries"]]);
    assert.deepEqual(found({ "shop:config:registries": logins }), [
      ["shop:config:registries", "shop:config:previousRegistries"],
    ]);
    assert.deepEqual(found({ registries: logins, "shop:previousRegistries": logins }), [
      ["registries", "shop:previousRegistries"],
    ]);
  });

  it("are those that outgoing logins imply, where the current ones are gone", () => {
    assert.deepEqual(found({ "a:previousLogins": logins }), [["a:logins", "a:previousLogins"]]);
    assert.deepEqual(found({ "a:previously": logins }), [["a:previously", "a:previousPreviously"]]);
  });

  it("include one called registries whatever it holds, so that what is wrong with it is said", () => {
    for (const value of [{ secure: "v1:all" }, "[]", [], undefined, [1]]) {
      assert.deepEqual(found({ "a:registries": value }), [["a:registries", "a:previousRegistries"]]);
    }
  });

  it("are an error where one is there in two spellings", () => {
    assert.throws(
      () => found({ registries: logins, "shop:registries": [] }),
      new CommandError("the stack file has both registries and shop:registries: keep one of them."),
    );
  });

  it("are chosen by --key where there are several", () => {
    const config = { "a:one": logins, "b:two": logins, three: "x" };
    assert.throws(
      () => onlyKeys(config, "shop", undefined),
      new CommandError("several config keys hold logins: a:one, b:two. Choose one with --key."),
    );
    const named = (key: string): LoginKeys | undefined => onlyKeys(config, "shop", key);
    assert.deepEqual(named("b:two"), { current: "b:two", previous: "b:previousTwo" });
    assert.deepEqual(named("shop:three"), { current: "three", previous: "previousThree" });
    assert.deepEqual(namedKeys("new", {}, "shop"), { current: "shop:new", previous: "shop:previousNew" });
    assert.equal(onlyKeys({}, "shop", undefined), undefined);
  });

  it("have one long form for each spelling", () => {
    for (const key of ["registries", "shop:registries", "shop:config:registries"]) {
      assert.equal(fullKey(key, "shop"), "shop:registries");
    }
  });

  it("take objects' own names for what they are", () => {
    assert.deepEqual(found({ "a:constructor": logins, "__proto__:toString": logins }), [
      ["a:constructor", "a:previousConstructor"],
      ["__proto__:toString", "__proto__:previousToString"],
    ]);
  });
});

describe("the server of a login without one", () => {
  it("is that of its Huawei region, else Docker Hub", () => {
    assert.equal(defaultServer({ huaweiSwr: { region: "cn-north-4" } }), "swr.cn-north-4.myhuaweicloud.com");
    for (const login of [{}, { huaweiSwr: { region: { secure: "v1:x" } } }, { huaweiSwr: "x" }]) {
      assert.equal(defaultServer(login), undefined);
    }
  });
});
