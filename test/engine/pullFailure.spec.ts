import assert from "node:assert/strict";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { PrivateDeployment, PrivateWorkloads } from "../../components";
import { createEngineStack, type EngineRun, type EngineStack, failureOf, steps } from "../support/engine";
import { writeFakeKubectl } from "../support/fakeKubectl";

const server = "registry.example.com";
const image = `${server}/shop/web:v1`;
const unauthorized = `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve reference "${image}": pulling from host ${server} failed with status code [manifests v1]: 401 Unauthorized`;

describe("a failed rollout in the real engine", () => {
  let stack: EngineStack;
  const { PATH, KUBECONFIG } = process.env;

  beforeEach(async () => {
    stack = await createEngineStack();
    const bin = writeFakeKubectl(stack.directory, { reason: "ImagePullBackOff", message: unauthorized });
    process.env["PATH"] = `${bin}:${process.env["PATH"]}`;
    process.env["KUBECONFIG"] = join(stack.directory, "none");
  });

  afterEach(() => {
    process.env["PATH"] = PATH;
    if (KUBECONFIG === undefined) {
      delete process.env["KUBECONFIG"];
    } else {
      process.env["KUBECONFIG"] = KUBECONFIG;
    }
    stack.remove();
  });

  const program: PulumiFn = () => {
    const customTimeouts = { create: "2s", update: "2s" };
    new PrivateWorkloads(
      "apps",
      {
        registries: [{ server, username: "janedoe", password: "expired" }],
        namespace: "shop",
        deployments: { web: { image } },
      },
      { customTimeouts },
    );
    new PrivateDeployment(
      "single",
      { namespace: "shop", image, pullSecrets: [{ secretNames: ["login"], servers: [server] }] },
      { customTimeouts },
    );
    return Promise.resolve();
  };

  function explanations(run: EngineRun): string[] {
    return run.events
      .map(({ diagnosticEvent }) => diagnosticEvent)
      .filter((diagnostic) => diagnostic?.message.includes("The registry did not take a login"))
      .map((diagnostic) => `${diagnostic?.severity} ${diagnostic?.urn?.split("::").slice(-1).join()}`);
  }

  it("is explained at each Deployment that failed, and not tried again", async () => {
    const run = await failureOf(stack.up(program, { parallel: 8 }));
    assert.deepEqual(explanations(run).toSorted(), ["error apps-web", "error single"]);
    assert.equal(steps(run).filter((step) => step.includes("Deployment apps-web")).length, 1);
    assert.match(run.stdout + run.stderr, /\(401\)\. .*`verify: enforce`/);
  });

  it("is explained at an update of the same process too", async () => {
    await failureOf(stack.up(program));
    assert.deepEqual(explanations(await failureOf(stack.up(program))).toSorted(), [
      "error apps-web",
      "error single",
    ]);
  });
});
