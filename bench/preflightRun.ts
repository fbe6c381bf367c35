import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { Verification } from "../components";
import { PrivateWorkloads } from "../components";
import { report } from "./measure";

/** Runs in its own process: PrivateWorkloads under mocks, with its images checked at the registry or not. */
async function main(server: string, caPath: string, images: number, verify: Verification): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({
      id: `${name}-id`,
      state: inputs as Record<string, unknown>,
    }),
    call: () => ({}),
  });
  const caBundle = readFileSync(caPath, "utf8");
  await report(async () => {
    const names = Array.from({ length: images }, (_, index) => `app-${index}`);
    new PrivateWorkloads("apps", {
      registries: [{ server, username: "puller", password: "c4n4ry", caBundle }],
      verify,
      deployments: Object.fromEntries(names.map((name) => [name, { image: `${server}/shop/${name}:v1` }])),
    });
    await pulumi.runtime.disconnect();
  });
}

const [server = "", caPath = "", images, verify] = process.argv.slice(2);
void main(server, caPath, Number(images), verify as Verification);
