import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  ImagePullSecret,
  type ImagePullSecretArgs,
  PrivateWorkloads,
  type PrivateWorkloadsArgs,
  probeRegistry,
  resolveDigest,
  Verification,
} from "../../components";
import { loadClient } from "../../components/registry/load";
import { startHttpServer, type TestServer } from "../support/registry/httpServer";
import { type MockOptions, type Outcome, runWithMocks, valueOf } from "../support/mocks";

const digest = `sha256:${"a".repeat(64)}`;
const password = "correct horse";

describe("checks of registries, by the components", () => {
  let registry: TestServer;
  let image: string;

  /** As a registry that takes one password and has the images of the repository shop/web. */
  before(async () => {
    registry = await startHttpServer(({ headers, url = "" }, response) => {
      const [, sent = ""] = (headers.authorization ?? "").split(" ");
      if (!Buffer.from(sent, "base64").toString().endsWith(`:${password}`)) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
      } else if (url === "/v2/" || url.startsWith("/v2/shop/web/manifests/")) {
        response.writeHead(200, { "docker-content-digest": digest }).end();
      } else {
        response.writeHead(404).end();
      }
    });
    image = `${registry.host}/shop/web:v1`;
  });

  beforeEach(() => {
    registry.requests.length = 0;
  });

  after(() => registry.stop());

  function login(changes: object = {}) {
    return { server: registry.host, username: "janedoe", password, insecure: true, ...changes };
  }

  function makeWorkloads(
    changes: Partial<PrivateWorkloadsArgs>,
    options?: MockOptions,
  ): Promise<Outcome<PrivateWorkloads>> {
    const args = { registries: [login()], namespace: "shop", deployments: { web: { image } }, ...changes };
    return runWithMocks(() => new PrivateWorkloads("apps", args), options);
  }

  function makeSecret(
    changes: Partial<ImagePullSecretArgs>,
    options?: MockOptions,
  ): Promise<Outcome<ImagePullSecret>> {
    return runWithMocks(
      () => new ImagePullSecret("pull", { registries: [login()], namespace: "shop", ...changes }),
      options,
    );
  }

  function typesOf({ resources }: Outcome<unknown>): string[] {
    return resources.map(({ type }) => type.replace("kubernetes-private-registry:index:", ""));
  }

  it("asks nobody by default, and when they are off", async () => {
    for (const verify of [undefined, Verification.Off]) {
      assert.deepEqual((await makeWorkloads({ verify })).errors, []);
      assert.deepEqual((await makeSecret({ verify })).errors, []);
    }
    assert.deepEqual(registry.requests, []);
  });

  for (const preview of [true, false]) {
    it(`makes everything once the registry has agreed${preview ? ", at preview" : ""}`, async () => {
      const made = await makeWorkloads({ verify: Verification.Enforce }, { preview });
      assert.deepEqual([made.errors, made.warnings, made.infos], [[], [], []]);
      assert.ok(typesOf(made).includes("kubernetes:apps/v1:Deployment"));
      assert.deepEqual(
        registry.requests.map(({ method, url }) => `${method} ${url}`),
        ["GET /v2/", "GET /v2/", "HEAD /v2/shop/web/manifests/v1"],
      );
    });
  }

  it("reports every failure at once under enforce, and makes nothing", async () => {
    const made = await makeWorkloads({
      createNamespace: true,
      verify: Verification.Enforce,
      registries: [login(), login({ server: `${registry.host}/other`, password: "wrong" })],
      deployments: { web: { image }, lost: { image: `${registry.host}/shop/lost:v1` } },
    });
    assert.deepEqual(typesOf(made), ["PrivateWorkloads"]);
    assert.equal(made.errors.length, 1);
    assert.match(
      made.errors[0] ?? "",
      /^PrivateWorkloads "apps": 2 problems\n {2}registries\[1\]: .* refused the username and password \(401\)\. .*\n {2}deployments\.lost\.image: .* has no image .*Tried with registries\[0\]\.$/,
    );
  });

  it("warns once for each cause under warn, and goes on", async () => {
    const made = await makeWorkloads({
      verify: Verification.Warn,
      registries: [login({ password: "wrong" })],
      deployments: { web: { image }, other: { image: `${registry.host}/shop/other:v1` } },
    });
    assert.deepEqual(made.errors, []);
    assert.ok(typesOf(made).includes("kubernetes:apps/v1:Deployment"));
    assert.equal(made.warnings.length, 1);
    assert.match(made.warnings[0] ?? "", /^registries\[0\]: .*\(401\)/);
  });

  it("asks the registries of an ImagePullSecret by its own, and makes no Secret that they refuse", async () => {
    const good = await makeSecret({
      verify: Verification.Enforce,
      registries: [login(), login({ server: "*.example.com" })],
    });
    assert.deepEqual(good.errors, []);
    assert.ok(typesOf(good).includes("kubernetes:core/v1:Secret"));
    const bad = await makeSecret({
      verify: Verification.Enforce,
      registries: [login({ password: "wrong" })],
      previousRegistries: [login({ password: "wrong too" })],
    });
    assert.deepEqual(typesOf(bad), ["ImagePullSecret"]);
    assert.match(
      bad.errors.join(),
      /^ImagePullSecret "pull": 1 problem\n {2}registries\[0\], previousRegistries\[0\]: /,
    );
  });

  it("takes one accepted login of two in an overlap, warns of the other, and pulls with the accepted one", async () => {
    const lists = {
      registries: [login({ password: "the new one" })],
      previousRegistries: [login()],
    };
    for (const make of [makeWorkloads, makeSecret]) {
      const made = await make({ verify: Verification.Enforce, ...lists });
      assert.deepEqual(made.errors, []);
      assert.ok(typesOf(made).includes("kubernetes:core/v1:Secret"));
      assert.equal(made.warnings.length, 1);
      assert.match(
        made.warnings[0] ?? "",
        /^registries\[0\]: .* \(401\)\. .* Pulls go on with previousRegistries\[0\], which is accepted/,
      );
    }
  });

  it("needs outgoing logins to be accepted by themselves where no current one is for their server", async () => {
    const made = await makeSecret({
      verify: Verification.Enforce,
      previousRegistries: [login({ server: `${registry.host}/other`, password: "wrong" })],
    });
    assert.match(
      made.errors.join(),
      /^ImagePullSecret "pull": 1 problem\n {2}previousRegistries\[0\]: .*401/,
    );
  });

  it("tries kubelet's next login for an image, the refused one once for all, and none but those", async () => {
    const [, port = ""] = registry.host.split(":");
    const deployments = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`web-${index}`, { image: `${image}-${index}` }]),
    );
    const made = await makeWorkloads({
      verify: Verification.Enforce,
      registries: [
        login({ server: `*.0.0.1:${port}` }),
        login({ server: `127.0.0.*:${port}`, password: "wrong" }),
      ],
      deployments,
    });
    assert.deepEqual(made.errors, []);
    assert.equal(typesOf(made).filter((type) => type.endsWith("Deployment")).length, 20);
    assert.equal(made.warnings.length, 1);
    assert.match(
      made.warnings[0] ?? "",
      /^registries\[1\]: .* \(401\)\. .* Pulls go on with registries\[0\]\.$/,
    );
    const sent = registry.requests.map(({ authorization }) => authorization);
    const basic = (text: string): string => `Basic ${Buffer.from(`janedoe:${text}`).toString("base64")}`;
    assert.equal(sent.filter((header) => header === basic("wrong")).length, 1);
    assert.equal(sent.filter((header) => header === basic(password)).length, 1 + 20);
    assert.equal(sent.filter((header) => header === undefined).length, 1);
  });

  describe("with KUBERNETES_PRIVATE_REGISTRY_ASK, which the pipeline sets", () => {
    afterEach(() => {
      delete process.env["KUBERNETES_PRIVATE_REGISTRY_ASK"];
    });

    it("asks nobody that it does not permit, says so in one line, and does not fail", async () => {
      for (const value of ["off", "registry.example.com", registry.host]) {
        process.env["KUBERNETES_PRIVATE_REGISTRY_ASK"] = value;
        const registries = [login({ password: "wrong" })];
        for (const make of [makeWorkloads, makeSecret]) {
          const made = await make({ verify: Verification.Enforce, registries });
          assert.deepEqual([made.errors, made.warnings], [[], []]);
          assert.ok(typesOf(made).includes("kubernetes:core/v1:Secret"));
          assert.equal(made.infos.length, 1);
          assert.ok(
            made.infos[0]?.endsWith(
              `": 1 registry is not asked, because the environment variable KUBERNETES_PRIVATE_REGISTRY_ASK does not permit it: "http://${registry.host}".`,
            ),
            made.infos[0],
          );
        }
      }
      assert.deepEqual(registry.requests, []);
    });

    it("asks those that it names, by plain http only with their scheme", async () => {
      process.env["KUBERNETES_PRIVATE_REGISTRY_ASK"] = `docker.io, http://${registry.host}`;
      const registries = [login({ password: "wrong" }), login({ server: "quay.io", insecure: false })];
      const made = await makeWorkloads({ verify: Verification.Enforce, registries });
      assert.match(made.errors.join(), /1 problem\n {2}registries\[0\]: .*\(401\)/);
      assert.equal(made.infos.length, 1);
      assert.match(made.infos[0] ?? "", /1 registry is not asked, .*: "quay\.io"\.$/);
    });

    it("is named by the error where it forbids what pinDigest needs", async () => {
      process.env["KUBERNETES_PRIVATE_REGISTRY_ASK"] = "off";
      for (const verify of [Verification.Off, Verification.Warn, Verification.Enforce]) {
        const made = await makeWorkloads({ verify, deployments: { web: { image, pinDigest: true } } });
        assert.deepEqual(typesOf(made), ["PrivateWorkloads"]);
        assert.match(
          made.errors.join(),
          /1 problem\n {2}deployments\.web\.image: can't be pinned \(pinDigest\): the environment variable KUBERNETES_PRIVATE_REGISTRY_ASK does not permit asking its registry\./,
        );
      }
      assert.deepEqual(registry.requests, []);
    });

    it("is an error under enforce where it can't be used, a warning under warn, and asks nobody", async () => {
      process.env["KUBERNETES_PRIVATE_REGISTRY_ASK"] = "*";
      const enforced = await makeWorkloads({ verify: Verification.Enforce });
      assert.match(
        enforced.errors.join(),
        /1 problem\n {2}verify: The environment variable KUBERNETES_PRIVATE_REGISTRY_ASK can't be used/,
      );
      const warned = await makeWorkloads({ verify: Verification.Warn });
      assert.deepEqual(warned.errors, []);
      assert.equal(warned.warnings.length, 1);
      assert.match(
        warned.warnings[0] ?? "",
        /^verify: The environment variable KUBERNETES_PRIVATE_REGISTRY_ASK/,
      );
      assert.ok(typesOf(warned).includes("kubernetes:apps/v1:Deployment"));
      assert.deepEqual((await makeWorkloads({})).warnings, []);
      assert.deepEqual(registry.requests, []);
    });

    it("rejects what probeRegistry and resolveDigest would ask", async () => {
      process.env["KUBERNETES_PRIVATE_REGISTRY_ASK"] = registry.host;
      const rejected = {
        name: "PreflightError",
        reason: "invalid",
        registry: registry.host,
        message: /the environment variable KUBERNETES_PRIVATE_REGISTRY_ASK does not permit it/,
      };
      await assert.rejects(probeRegistry(login()), rejected);
      await assert.rejects(resolveDigest({ image, ...login() }), rejected);
      assert.deepEqual(registry.requests, []);
      process.env["KUBERNETES_PRIVATE_REGISTRY_ASK"] = `http://${registry.host}`;
      assert.deepEqual(await probeRegistry(login()), { handshake: "basic" });
    });
  });

  describe("ended by an exception that is not the client's own", () => {
    const path = require.resolve("../../components/registry/runChecks");
    let original: NodeJS.Module | undefined;

    before(() => {
      loadClient();
      original = require.cache[path];
      const exports = { preflight: () => Promise.reject(new TypeError(`sent ${password}`)) };
      require.cache[path] = { ...original, exports } as NodeJS.Module;
    });

    after(() => {
      require.cache[path] = original;
    });

    const line =
      /verify: the registries could not be checked, because of an unexpected error \(TypeError\)\. Please report it/;

    it("stop no program under warn", async () => {
      for (const make of [makeWorkloads, makeSecret]) {
        const made = await make({ verify: Verification.Warn });
        assert.deepEqual(made.errors, []);
        assert.equal(made.warnings.length, 1);
        assert.match(made.warnings[0] ?? "", line);
        assert.doesNotMatch(made.warnings[0] ?? "", /horse/);
        assert.ok(typesOf(made).includes("kubernetes:core/v1:Secret"));
      }
    });

    it("are one error under enforce, and where an image is to be pinned", async () => {
      const enforced = await makeSecret({ verify: Verification.Enforce });
      assert.equal(enforced.errors.length, 1);
      assert.match(enforced.errors[0] ?? "", line);
      assert.doesNotMatch(enforced.errors[0] ?? "", /horse/);
      const pinned = await makeWorkloads({ deployments: { web: { image, pinDigest: true } } });
      assert.deepEqual(typesOf(pinned), ["PrivateWorkloads"]);
      assert.match(pinned.errors.join(), /1 problem\n {2}pinDigest: the registries could not be checked/);
    });
  });

  it("skips the checks while a login is not known at preview, and says so in one line", async () => {
    const unknown = pulumi.output(pulumi.unknown as string);
    const registries = [login({ password: unknown })];
    for (const make of [makeWorkloads, makeSecret]) {
      const made = await make({ verify: Verification.Enforce, registries }, { preview: true });
      assert.deepEqual([made.errors, made.warnings], [[], []]);
      assert.equal(made.infos.length, 1);
      assert.match(made.infos[0] ?? "", /the registries are not asked at this preview: a login or an image/);
    }
    assert.deepEqual(registry.requests, []);
  });

  it("says in one line that an image which is not known at preview is not checked, whatever verify says", async () => {
    const unknown = pulumi.output(pulumi.unknown as string);
    const deployments = { web: { image: unknown }, api: { image: unknown }, other: { image } };
    const unchecked = await makeWorkloads({ deployments }, { preview: true });
    assert.deepEqual(unchecked.infos, [
      'PrivateWorkloads "apps": the images are not checked at this preview: one comes from a resource that does not exist yet. `up` checks them.',
    ]);
    const unasked = await makeWorkloads({ deployments, verify: Verification.Warn }, { preview: true });
    assert.deepEqual(unasked.infos, [
      'PrivateWorkloads "apps": the registries are not asked at this preview: a login or an image comes from a resource that does not exist yet. `up` checks it.',
    ]);
    for (const made of [unchecked, unasked]) {
      assert.deepEqual([made.errors, made.warnings], [[], []]);
    }
    assert.deepEqual(
      (await makeWorkloads({ deployments: { web: { image: pulumi.output(image) } } }, { preview: true }))
        .infos,
      [],
    );
    assert.deepEqual((await makeWorkloads({ deployments })).infos, []);
  });

  it("says nothing of skipped checks where there are none", async () => {
    const unknown = pulumi.output(pulumi.unknown as string);
    const made = await makeWorkloads({ registries: [login({ password: unknown })] }, { preview: true });
    assert.deepEqual(made.infos, []);
  });

  describe("pinDigest", () => {
    interface Deployment {
      spec: { template: { spec: Record<string, { image?: string }[] | undefined> } };
    }

    function imagesOf({ resources }: Outcome<unknown>): string[] {
      return resources
        .filter(({ type }) => type === "kubernetes:apps/v1:Deployment")
        .map(({ inputs }) => (inputs as unknown as Deployment).spec.template.spec)
        .flatMap(({ initContainers = [], containers = [] }) => [...initContainers, ...containers])
        .map((container) => container.image ?? "");
    }

    it("deploys the digest that the tag means now, of containers and init containers", async () => {
      const own = `${registry.host}/shop/web@sha256:${"b".repeat(64)}`;
      const made = await makeWorkloads({
        deployments: {
          web: {
            image,
            initContainers: [
              { name: "migrate", image: pulumi.output(`${registry.host}/shop/web`) },
              { name: "own", image: own },
            ],
            pinDigest: true,
          },
          other: { image },
        },
      });
      assert.deepEqual(made.errors, []);
      assert.deepEqual(
        imagesOf(made).toSorted(),
        [
          `${registry.host}/shop/web:v1`,
          `${registry.host}/shop/web:v1@${digest}`,
          own,
          `${registry.host}/shop/web@${digest}`,
        ].toSorted(),
      );
      assert.deepEqual(
        (await valueOf(made.value.pullPlan))?.map((entry) => entry.image).toSorted(),
        imagesOf(made).toSorted(),
      );
      assert.equal(registry.requests.filter(({ method }) => method === "HEAD").length, 2);
    });

    it("takes no second request where the image is verified too", async () => {
      await makeWorkloads({ verify: Verification.Enforce, deployments: { web: { image, pinDigest: true } } });
      assert.equal(registry.requests.filter(({ method }) => method === "HEAD").length, 1);
    });

    it("warns of no moving tag where it is pinned", async () => {
      const moving = `${registry.host}/shop/web:latest`;
      const made = await makeWorkloads({ deployments: { web: { image: moving, pinDigest: true } } });
      assert.deepEqual(made.warnings, []);
    });

    for (const verify of [Verification.Off, Verification.Warn]) {
      it(`is an error where the digest is not to be had, with verify: ${verify}`, async () => {
        const lost = `${registry.host}/shop/lost:v1`;
        const made = await makeWorkloads({ verify, deployments: { lost: { image: lost, pinDigest: true } } });
        assert.deepEqual(typesOf(made), ["PrivateWorkloads"]);
        assert.match(
          made.errors.join(),
          /deployments\.lost\.image: can't be pinned \(pinDigest\)\. The registry .* has no image/,
        );
      });
    }
  });
});
