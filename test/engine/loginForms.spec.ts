import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { decodeDockerConfigJson, type RegistryLogin, registryPresets } from "../../components";
import { settingsOf } from "../support/config/stackFile";
import { copyProject, type ProjectCopy, type Run } from "../support/engine/projectCopy";
import { base64, ecrTokenUntil, googleKeyOf, huaweiKeys } from "../support/secrets/cloudSecrets";
import { leaksIn, leaksInFiles, type Secrets } from "../support/secrets/leaks";

const ghcr = { server: "ghcr.io", username: "c4n4ry-user-of-ghcr", password: " c4n4ry-password-of-ghcr " };
const token = "c4n4ry-token-that-is-the-username-too";

/** What `docker login` writes, with a token as user name, as DigitalOcean does. */
function configJson({ username, password }: Omit<RegistryLogin, "server"> = ghcr): string {
  const auths = {
    "ghcr.io": { auth: base64(`${username}:${password}`) },
    "registry.digitalocean.com": { auth: base64(`${token}:${token}`) },
  };
  return JSON.stringify({ auths }, undefined, "\t");
}

describe("the forms in which the program takes logins, by the CLI", () => {
  let project: ProjectCopy;
  const images = { web: { image: "ghcr.io/shop/web:v1" } };

  before(() => {
    project = copyProject();
  });

  beforeEach(() => {
    project.restoreStacks();
    project.editStack((stack) => {
      const set = settingsOf(stack);
      set(["registries"], undefined);
      set(["workloads"], images);
    });
  });

  afterEach(async () => {
    await project.make(["destroy", "FLAGS=--yes"]);
  });

  after(() => {
    project.remove();
  });

  async function setSecrets(settings: Record<string, string>): Promise<void> {
    const values = Object.entries(settings).flatMap(([path, secret]) => ["--secret", `${path}=${secret}`]);
    const { code, output } = await project.pulumi("config", "set-all", "--path", ...values);
    assert.equal(code, 0, output);
  }

  function set(...[path, value]: Parameters<ReturnType<typeof settingsOf>>): void {
    project.editStack((stack) => {
      settingsOf(stack)(path, value);
    });
  }

  async function run(...args: string[]): Promise<string> {
    const { code, output } = await project.pulumi(...args);
    assert.equal(code, 0, output);
    return output;
  }

  const up = (): Promise<string> => run("up", "--yes", "--skip-preview", "--diff");

  /** The rendered Secrets' logins, by whether it is the one for the outgoing ones. */
  function rendered(): Record<string, RegistryLogin[]> {
    const folder = join(project.folder, "manifests/local/1-manifest");
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return Object.fromEntries(
      files
        .filter((file) => file.startsWith("v1-secret-"))
        .map((file) => {
          const { data } = parse(readFileSync(join(folder, file), "utf8")) as {
            data: Record<string, string>;
          };
          const json = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
          return [file.includes("-previous-") ? "previous" : "current", decodeDockerConfigJson(json)];
        }),
    );
  }

  async function assertRefused(lines: string[], secrets: Secrets): Promise<void> {
    const { code, output }: Run = await project.pulumi("preview", "--diff");
    assert.notEqual(code, 0, output);
    for (const line of lines) {
      assert.equal(output.split(line).length, 2, `${line}\n${output}`);
    }
    assert.doesNotMatch(output, /^\s+at .+:\d+:\d+/m);
    assert.deepEqual(leaksIn(output, secrets), []);
    assert.equal(existsSync(join(project.folder, "manifests")), false);
  }

  const secrets = {
    username: ghcr.username,
    password: ghcr.password.trim(),
    next: "c4n4ry-password-that-is-next",
    token,
    config: configJson(),
  };
  const digitalOcean = { server: "registry.digitalocean.com", username: token, password: token };

  it("a config.json alone, rotated with an overlap, without a trace of user name or password", async () => {
    await setSecrets({ dockerConfigJson: configJson() });
    const outputs = [await run("preview", "--diff"), await up()];
    assert.deepEqual(rendered(), { current: [ghcr, digitalOcean] });

    const next = { username: ghcr.username, password: secrets.next };
    await setSecrets({ dockerConfigJson: configJson(next), previousDockerConfigJson: configJson() });
    outputs.push(await run("preview", "--diff"), await up());
    assert.deepEqual(rendered(), {
      current: [{ server: "ghcr.io", ...next }, digitalOcean],
      previous: [ghcr, digitalOcean],
    });
    set(["previousDockerConfigJson"], undefined);
    const preview = await run("preview");
    assert.match(
      preview,
      /previousDockerConfigJson was removed: the Secret with the outgoing logins is deleted/,
    );
    outputs.push(preview, await up());
    assert.deepEqual(rendered(), { current: [{ server: "ghcr.io", ...next }, digitalOcean] });
    assert.deepEqual(leaksIn(outputs.join(), secrets), []);
    for (const folder of ["stacks", ".pulumi-local"]) {
      assert.deepEqual(leaksInFiles(join(project.folder, folder), secrets), []);
    }
  });

  it("a config.json that takes the place of the same logins changes nothing", async () => {
    const login = { ...ghcr, password: secrets.next };
    const auths = { "ghcr.io": { auth: base64(`${login.username}:${login.password}`) } };
    set(["registries"], [{ server: login.server, username: login.username }]);
    await setSecrets({ "registries[0].password": login.password });
    await up();
    const secretName = await run("stack", "output", "secretName");
    set(["registries"], undefined);
    await setSecrets({ dockerConfigJson: JSON.stringify({ auths }) });
    await up();
    assert.equal(await run("stack", "output", "secretName"), secretName);
    assert.deepEqual(rendered(), { current: [login] });
  });

  it("keys and tokens of clouds, whose user names and servers are derived", async () => {
    set(["workloads"], { web: { image: "swr.cn-north-4.myhuaweicloud.com/shop/web:v1" } });
    const { secretKey, ...keys } = huaweiKeys;
    const ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    set(
      ["registries"],
      [{ huaweiSwr: keys }, { server: ecr }, { server: "eu.gcr.io" }, { server: "us.gcr.io" }],
    );
    const ecrToken = ecrTokenUntil(new Date(Date.now() + 12 * 3600_000).toISOString().slice(0, 19) + "Z");
    await setSecrets({
      "registries[0].huaweiSwr.secretKey": secretKey,
      "registries[1].ecrToken": ecrToken,
      "registries[2].googleKey": googleKeyOf(),
      "registries[3].googleKey": base64(googleKeyOf()),
    });
    const outputs = [await run("preview", "--diff"), await up()];
    const google = {
      username: "_json_key",
      password: JSON.stringify(JSON.parse(googleKeyOf())),
    };
    const password = Buffer.from(ecrToken, "base64").toString().slice("AWS:".length);
    assert.deepEqual(rendered(), {
      current: [
        { server: ecr, username: "AWS", password },
        { server: "eu.gcr.io", ...google },
        registryPresets.huaweiSwr(huaweiKeys),
        { server: "us.gcr.io", ...google },
      ],
    });
    assert.doesNotMatch(outputs.join(), /ecrToken|expire|from now/);
    const derived = {
      secretKey,
      swr: registryPresets.huaweiSwr(huaweiKeys).password,
      ecrToken,
      password,
      privateKey: "c4n4ry-private-key-of-one-line-0123456789",
    };
    assert.deepEqual(leaksIn(outputs.join(), derived), []);
    for (const folder of ["stacks", ".pulumi-local"]) {
      assert.deepEqual(leaksInFiles(join(project.folder, folder), derived), []);
    }
  });

  it("Secrets created elsewhere alone, for which none is made", async () => {
    await setSecrets({ dockerConfigJson: configJson() });
    await up();
    set(["dockerConfigJson"], undefined);
    set(["extraPullSecrets"], [{ secretNames: ["regcred"], servers: ["ghcr.io"] }]);
    await up();
    const outputs = JSON.parse(await run("stack", "output", "--json")) as Record<string, unknown>;
    assert.deepEqual(
      [outputs["secretName"], outputs["reference"], outputs["servers"]],
      ["", { secretNames: [], servers: [] }, []],
    );
    assert.deepEqual(rendered(), {});
    const deployment = parse(
      readFileSync(
        join(project.folder, "manifests/local/1-manifest/apps_v1-deployment-shop-web.yaml"),
        "utf8",
      ),
    ) as { spec: { template: { spec: { imagePullSecrets: unknown } } } };
    assert.deepEqual(deployment.spec.template.spec.imagePullSecrets, [{ name: "regcred" }]);
  });

  it("no login at all is an error of the program, and of it alone", async () => {
    await assertRefused(
      [
        "The stack's config: 1 problem\n",
        "registries: is missing, and so are `dockerConfigJson` and `extraPullSecrets`: give at least one of them.",
      ],
      {},
    );
  });

  it("wrong ones are refused with every place, and no secret", async () => {
    const { secretKey, ...keys } = huaweiKeys;
    const both = "c4n4ry-password-beside-a-token";
    set(
      ["registries"],
      [
        { server: "ghcr.io", username: "janedoe" },
        { server: "a.example.com", username: "janedoe" },
        { huaweiSwr: { ...keys, region: "CN North" } },
        { username: "janedoe" },
        {},
      ],
    );
    const ecrToken = ecrTokenUntil("2020-01-01T00:00:00Z");
    const broken = googleKeyOf().replace("service_account", "authorized_user");
    await setSecrets({
      dockerConfigJson: configJson(),
      "registries[0].password": secrets.next,
      "registries[1].password": both,
      "registries[1].ecrToken": ecrToken,
      "registries[2].huaweiSwr.secretKey": secretKey,
      "registries[3].ecrToken": ecrToken,
      "registries[4].googleKey": broken,
    });
    await assertRefused(
      [
        "registries[3].ecrToken: expired at 2020-01-01T00:00:00Z, so the registry rejects it.",
        "registries[1]: has password and ecrToken: give exactly one of password, huaweiSwr, ecrToken, googleKey.",
        'registries[2].huaweiSwr.region: is not a region, such as "cn-north-4".',
        "registries[3].username: is not the one of ecrToken: remove it.",
        "registries[3].server: is missing: give the registry's host,",
        "registries[4].googleKey: is not a service account's JSON key:",
        "registries[4].server: is missing: give the registry's host,",
        'dockerConfigJson.auths["ghcr.io"]: is the same key to kubelet as registries[0].server: keep one of them.',
      ],
      { ...secrets, secretKey, both, ecrToken, broken },
    );
  });

  it("clear text is refused, of each", async () => {
    set(["registries"], [{ googleKey: googleKeyOf() }, { huaweiSwr: huaweiKeys }, { ecrToken: token }]);
    set(["dockerConfigJson"], configJson());
    await assertRefused(
      [
        "registries[0].googleKey: is in clear text: ",
        "registries[1].huaweiSwr.secretKey: is in clear text: ",
        "registries[2].ecrToken: is in clear text: ",
        "dockerConfigJson: is in clear text: ",
      ],
      { ...secrets, secretKey: huaweiKeys.secretKey, key: googleKeyOf() },
    );
  });
});
