import * as pulumi from "@pulumi/pulumi";
import { manifestsDigest } from "./manifests";
import { report } from "./measure";
import { programs, type Side } from "./programs";

/** Runs in its own process: runs one of the programs to its end under mocks. */
async function main(side: Side, deployments: number): Promise<void> {
  const manifests: unknown[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
      const state = inputs as Record<string, unknown>;
      if (type.startsWith("kubernetes:")) {
        manifests.push(state);
      }
      return {
        id: `${name}-id`,
        state: type === "random:index/randomId:RandomId" ? { ...state, hex: "0a1b2c3d" } : state,
      };
    },
    call: () => ({}),
  });
  const run = async (): Promise<void> => {
    programs[side]({ deployments, password: "c4n4ry" });
    await pulumi.runtime.disconnect();
  };
  await report(run, () => manifestsDigest(manifests));
}

const [side, deployments] = process.argv.slice(2);
void main(side as Side, Number(deployments));
