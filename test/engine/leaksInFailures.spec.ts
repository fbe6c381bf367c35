import assert from "node:assert/strict";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { PrivateWorkloads, type PrivateWorkloadsArgs, Verification } from "../../components";
import { startEchoingRegistries } from "../support/registry/echoingRegistries";
import { createEngineStack, type EngineStack, failureOf, messages } from "../support/engine/engine";
import { type HostileLogin, secretsOf, withHostileLogins } from "../support/secrets/hostileLogins";
import { base64 } from "../support/secrets/cloudSecrets";
import { leaksInFiles, leaksInRun } from "../support/secrets/leaks";
import { startRegistry } from "../support/registry/registry";
import { requireRegistryTools } from "../support/registry/registryTools";
import { stopAtEnd } from "../support/runner/stopAtEnd";

describe("no trace of a credential that is refused, in the real engine", () => {
  const stopping = stopAtEnd();
  let stack: EngineStack;
  let manifests: string;

  beforeEach(async () => {
    stack = await createEngineStack();
    manifests = join(stack.directory, "manifests");
  });

  afterEach(() => {
    stack.remove();
  });

  function programOf(components: Record<string, Partial<PrivateWorkloadsArgs>>): PulumiFn {
    return () => {
      const provider = new Provider("render", { renderYamlToDirectory: manifests });
      const plans = Object.entries(components).map(([name, args]) => {
        const { pullPlan } = new PrivateWorkloads(
          name,
          { registries: [], deployments: {}, ...args },
          { provider },
        );
        return [name, pullPlan];
      });
      return Promise.resolve(Object.fromEntries(plans) as Record<string, unknown>);
    };
  }

  describe("by verify, of registries that repeat what they are sent, and of a real one", () => {
    let servers: { server: string; caBundle?: string; insecure?: boolean }[];

    before(async function () {
      requireRegistryTools(this);
      const { host, caBundle } = stopping(await startRegistry());
      const echoing = (await startEchoingRegistries()).map(stopping);
      servers = [
        { server: host, caBundle },
        ...echoing.map((registry) => ({ server: registry.host, insecure: true })),
      ];
    });

    /** Every login at every registry, each for a path of its own, and an image there. */
    function argsOf(verify: Verification, logins: HostileLogin[]): PrivateWorkloadsArgs {
      const registries = servers.flatMap((registry) =>
        logins.map((login, index) => ({
          ...login,
          ...registry,
          server: `${registry.server}/part-${index}/`,
        })),
      );
      const containers = registries.map(({ server }, index) => ({
        name: `c${index}`,
        image: `${server}web:v1`,
      }));
      return { registries, verify, deployments: { web: { containers } } };
    }

    it("enforce", () =>
      withHostileLogins(1, async (logins = []) => {
        const secrets = secretsOf({ refused: logins });
        const program = programOf({ apps: argsOf(Verification.Enforce, logins) });
        for (const run of [
          await failureOf(stack.preview(program, { diff: true })),
          await failureOf(stack.up(program)),
        ]) {
          assert.match(messages(run, "error").join(), /refused the username and password/);
          assert.deepEqual(leaksInRun(run, secrets), []);
        }
        assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
      }));

    it("warn", () =>
      withHostileLogins(1, async (logins = []) => {
        const secrets = secretsOf({ refused: logins });
        const run = await stack.up(programOf({ apps: argsOf(Verification.Warn, logins) }));
        assert.match(messages(run, "warning").join(), /refused the username and password/);
        assert.deepEqual(leaksInRun(run, secrets), []);
        assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
      }));
  });

  it("for each mistake that a login can have", () =>
    withHostileLogins(1, async (logins = []) => {
      const secrets = secretsOf({ mistaken: logins });
      const components = logins.map((login) => {
        const registries = Object.values(mistakes).map((mistake, index) => {
          const distinct = { ...login, server: `${login.server}/part-${index}/` };
          return { ...distinct, ...mistake(distinct) };
        });
        return [login.server, { registries }];
      });
      const run = await failureOf(
        stack.up(programOf(Object.fromEntries(components) as Record<string, Partial<PrivateWorkloadsArgs>>)),
      );
      for (const { server } of logins) {
        const message = messages(run, "error").find((text) => text.includes(`"${server}":`)) ?? "";
        for (const index of Object.keys(mistakes).keys()) {
          assert.match(message, new RegExp(`^ {2}registries\\[${index}\\]`, "m"));
        }
      }
      assert.deepEqual(leaksInRun(run, secrets), []);
      assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
    }));

  it("for a password in each argument of a Deployment", () =>
    withHostileLogins(1, async (logins = []) => {
      const secrets = secretsOf({ pasted: logins });
      const deployments = logins.flatMap(deploymentsWithLogin);
      const args = {
        registries: logins,
        deployments: Object.fromEntries(deployments),
      } as PrivateWorkloadsArgs;
      const run = await failureOf(stack.up(programOf({ apps: args })));
      const [message = ""] = messages(run, "error");
      assert.match(message, new RegExp(`: ${deployments.length} problems$`, "m"));
      assert.deepEqual(leaksInRun(run, secrets), []);
      assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
    }));

  it("for logins that are not a list of logins, and for a config.json that is none", () =>
    withHostileLogins(1, async (logins = []) => {
      const secrets = secretsOf({ misplaced: logins });
      const auths = Object.fromEntries(logins.map(({ server, ...login }) => [server, login]));
      const lists = {
        text: JSON.stringify(logins),
        "docker config": { auths },
        passwords: logins.map(({ password }) => password),
        lists: [logins],
      } as unknown as Record<string, HostileLogin[]>;
      const current = Object.entries(lists).map(([name, registries]) => [name, { registries }]);
      const previous = Object.entries(lists).map(([name, previousRegistries]) => [
        `previous ${name}`,
        { registries: logins, previousRegistries },
      ]);
      const configs = Object.entries(wrongConfigs(logins)).map(([name, dockerConfigJson]) => [
        `config ${name}`,
        { registries: undefined, dockerConfigJson },
      ]);
      const components = Object.fromEntries([...current, ...previous, ...configs]) as Record<
        string,
        PrivateWorkloadsArgs
      >;
      const run = await failureOf(stack.up(programOf(components)));
      assert.deepEqual(
        new Set(messages(run, "error").map((message) => /^PrivateWorkloads "(.*)":/.exec(message)?.[1])),
        new Set(Object.keys(components)),
      );
      assert.deepEqual(leaksInRun(run, secrets), []);
      assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
    }));
});

/** Texts and other values that are no config.json, with logins in them. */
function wrongConfigs(logins: HostileLogin[]): Record<string, unknown> {
  const configOf = (entryOf: (login: HostileLogin) => [server: string, entry: object]): string =>
    JSON.stringify({ auths: Object.fromEntries(logins.map(entryOf)) });
  const sound = configOf(({ server, ...login }) => [server, login]);
  return {
    list: JSON.stringify(logins),
    object: { logins },
    cut: sound.slice(0, -1),
    "in base64": base64(sound),
    "with raw passwords": configOf(({ server, password }) => [server, { auth: password }]),
    "with passwords as servers": configOf(({ password, username }) => [password, { username, password }]),
    "with URLs as servers": configOf(({ server, username, password }) => [
      `https://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${server}`,
      { username, password },
    ]),
    "with newlines": configOf(({ server, username, password }) => [
      server,
      { username: `${username}\n`, password: `${password}\n` },
    ]),
    "with a colon": configOf(({ server, username, password }) => [
      server,
      { username: `${username}:${password}`, password },
    ]),
  };
}

/** Deployments with a login in each place where it does not belong, by their names. */
function deploymentsWithLogin(
  { server, username, password }: HostileLogin,
  index: number,
): [string, object][] {
  const image = `${server}/web`;
  const user = [username, password].map(encodeURIComponent).join(":");
  return [
    [`path-${index}`, { image: `${server}/${password}` }],
    [`tag-${index}`, { image: `${image}:${password}` }],
    [`url-${index}`, { image: `https://${user}@${image}` }],
    [`login-${index}`, { image: `${username}:${password}@${image}` }],
    [`container-${index}`, { containers: [{ name: password, image }] }],
    [`namespace-${index}`, { image, namespace: password }],
    [password, { image }],
  ];
}

const noLogin = { username: undefined, password: undefined };

/** What a login can have in wrong places, beside what it should have. */
const mistakes: Record<string, (login: HostileLogin) => object> = {
  "a URL as the server": ({ server, username, password }) => ({
    server: `https://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${server}`,
  }),
  "login and host as the server": ({ server, username, password }) => ({
    server: `${username}:${password}@${server}`,
  }),
  "the password as the server": ({ password }) => ({ server: password }),
  "the password behind the server": ({ server, password }) => ({ server: `${server}/${password}` }),
  "the user name as the server": ({ username }) => ({ server: username }),
  "the email as the server": ({ email }) => ({ server: email }),
  "no password but in the user name": ({ username, password }) => ({
    username: `${username}:${password}`,
    password: undefined,
  }),
  "no user name": () => ({ username: "" }),
  "a newline behind the user name": ({ username }) => ({ username: `${username}\n` }),
  "a newline behind the password": ({ password }) => ({ password: `${password}\n` }),
  "white space before the password": ({ password }) => ({ password: ` ${password}` }),
  "a list as the password": ({ password }) => ({ password: [password] }),
  "an object as the password": ({ password }) => ({ password: { value: password } }),
  "a newline in the email": ({ email }) => ({ email: `${email}\n` }),
  "the password as a key": ({ password }) => ({ [password]: true }),
  "the login as a key": ({ username, password }) => ({ [`${username}:${password}`]: true }),
  "the password as the time": ({ password }) => ({ expiresAt: password }),
  "the password as a namespace": ({ password }) => ({ namespaces: [password] }),
  "the password for namespaces": ({ password }) => ({ namespaces: password }),
  "the password as a fact": ({ password }) => ({ insecure: password }),
  "the password as a token": ({ password }) => ({ ...noLogin, ecrToken: password }),
  "a token beside the password": ({ password }) => ({ ecrToken: base64(`AWS:${password}`) }),
  "a token for another user name": ({ username, password }) => ({
    ...noLogin,
    username,
    ecrToken: base64(`AWS:${encodeURIComponent(password)}`),
  }),
  "the password in a key that is none": ({ password }) => ({
    ...noLogin,
    googleKey: JSON.stringify({ type: "authorized_user", private_key: password }),
  }),
  "the login as access keys": ({ username, password }) => ({
    ...noLogin,
    huaweiSwr: { region: username, accessKey: password, secretKey: ` ${password}`, [password]: password },
  }),
  "the password as the CA": ({ password }) => ({ caBundle: password }),
};
