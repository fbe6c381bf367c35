import assert from "node:assert/strict";
import type { Output } from "@pulumi/pulumi";
import { ImagePullSecret } from "../components";
import { snippetsIn } from "./support/docs/documents";
import { inputsOf, type Outcome, runWithMocks, secretOf, valueOf, versionHex } from "./support/mocks";
import { run } from "./support/docs/typescriptSnippets";

const password = "c4n4ry";
const snippets = ["README.md", "docs/components.md"].flatMap(snippetsIn);
const programs = snippets.filter(({ language }) => language === "ts");

/** Runs the only program that uses all of the given names. */
async function runProgram(...names: string[]): Promise<Outcome<Record<string, unknown>>> {
  const [program, ...others] = programs.filter(({ text }) => names.every((name) => text.includes(name)));
  assert.ok(program && others.length === 0, `${others.length} programs more than one with ${names.join()}`);
  const outcome = await runWithMocks(() => run(program), {
    config: {
      "unit:registryPassword": password,
      "unit:accessKey": "AKEXAMPLE0123456789",
      "unit:secretKey": "c4n4ry secret $KEY",
    },
  });
  assert.deepEqual([outcome.errors, outcome.warnings], [[], []]);
  return outcome;
}

function namesOf({ resources }: Outcome<unknown>): string[] {
  return resources.map(({ type, name }) => `${type.replace(/.*:/, "")} ${name}`).toSorted();
}

/** The kubectl-made content of a Secret with one login, as the engine gets it. */
function dataOf(server: string, username: string, word: string): unknown {
  const auth = Buffer.from(`${username}:${word}`).toString("base64");
  const json = JSON.stringify({ auths: { [server]: { username, password: word, auth } } });
  return secretOf({ ".dockerconfigjson": Buffer.from(json).toString("base64") });
}

describe("the programs of README.md and docs/components.md", () => {
  it("make a Secret and a Deployment that lists it", async () => {
    const made = await runProgram("new ImagePullSecret", "new PrivateDeployment");
    assert.deepEqual(namesOf(made), [
      "Deployment awesomeapp",
      "ImagePullSecret registry-login",
      "PrivateDeployment awesomeapp",
      "RandomId registry-login",
      "Secret registry-login",
    ]);
    const secret = inputsOf(made, "kubernetes:core/v1:Secret")["registry-login"];
    assert.deepEqual(secret?.["metadata"], { name: `registry-login-${versionHex}` });
    assert.deepEqual(secret["data"], dataOf("www.3rdregistry.com", "janedoe", password));
    const deployment = inputsOf(made, "kubernetes:apps/v1:Deployment")["awesomeapp"];
    const { replicas, template } = deployment?.["spec"] as {
      replicas: number;
      template: { spec: { imagePullSecrets: unknown } };
    };
    assert.equal(replicas, 2);
    assert.deepEqual(template.spec.imagePullSecrets, [{ name: `registry-login-${versionHex}` }]);
  });

  it("make namespaces, Secrets and Deployments from one set of arguments, and a plan of pulls", async () => {
    const made = await runProgram("new PrivateWorkloads");
    assert.deepEqual(namesOf(made), [
      "Deployment shop-frontend",
      "Deployment shop-worker",
      "ImagePullSecret shop",
      "Namespace shop-jobs",
      "Namespace shop-web",
      "PrivateWorkloads shop",
      "RandomId shop",
      "Secret shop-jobs",
      "Secret shop-web",
    ]);
    const attempts = [{ server: "www.3rdregistry.com", pullSecret: "current" }];
    const image = (name: string): string => `www.3rdregistry.com/janedoe/${name}:v3`;
    assert.deepEqual(await valueOf(made.value["pullPlan"] as Output<unknown>), [
      { deployment: "frontend", container: "frontend", image: image("frontend"), attempts },
      { deployment: "worker", container: "worker", image: image("worker"), attempts },
    ]);
  });

  it("derive the login of a preset, as openssl does", async () => {
    const made = await runProgram("registryPresets");
    const derived = "435ebfa2efab6ee3b659a89f4a3ae9534c95eb9abaac9988c3ead5926a6a62eb";
    assert.deepEqual(
      inputsOf(made, "kubernetes:core/v1:Secret")["registry-login"]?.["data"],
      dataOf("swr.cn-north-4.myhuaweicloud.com", "cn-north-4@AKEXAMPLE0123456789", derived),
    );
  });

  it("add the Secret to a workload of one's own, and are given to a chart", async () => {
    const made = await runWithMocks(() => {
      const registries = [{ server: "www.3rdregistry.com", username: "janedoe", password }];
      const pullSecret = new ImagePullSecret("registry-login", { registries });
      for (const program of programs.filter(({ text }) => text.includes("export function"))) {
        for (const example of Object.values(run(program))) {
          (example as (given: ImagePullSecret) => void)(pullSecret);
        }
      }
    });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(namesOf(made), [
      "Chart monitoring",
      "CronJob report",
      "ImagePullSecret registry-login",
      "RandomId registry-login",
      "Secret registry-login",
    ]);
    const { spec } = inputsOf(made, "kubernetes:batch/v1:CronJob")["report"] ?? {};
    const { jobTemplate } = spec as {
      jobTemplate: { spec: { template: { spec: { imagePullSecrets: unknown } } } };
    };
    assert.deepEqual(jobTemplate.spec.template.spec.imagePullSecrets, [
      { name: `registry-login-${versionHex}` },
    ]);
  });

  it("list a Secret that somebody else makes", async () => {
    const made = await runProgram("default-secret");
    assert.deepEqual(namesOf(made), ["Deployment awesomeapp", "PrivateDeployment awesomeapp"]);
    const { template } = inputsOf(made, "kubernetes:apps/v1:Deployment")["awesomeapp"]?.["spec"] as {
      template: { spec: { imagePullSecrets: unknown } };
    };
    assert.deepEqual(template.spec.imagePullSecrets, [{ name: "default-secret" }]);
  });

  it("have the operator make a Secret, with the login of a store", async () => {
    const made = await runProgram("new ExternalPullSecret");
    assert.deepEqual(namesOf(made), [
      "Deployment awesomeapp",
      "ExternalPullSecret registry-login",
      "ExternalSecret registry-login",
      "PrivateDeployment awesomeapp",
    ]);
  });

  it("are all of the seven", () => {
    assert.equal(programs.length, 7);
  });
});
