import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  ImagePullSecret,
  type ImagePullSecretArgs,
  PrivateWorkloads,
  type PrivateWorkloadsArgs,
  Verification,
} from "../../components";
import { startHttpServer, type TestServer } from "../support/httpServer";
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
