import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expectPullable } from "kubernetes-private-registry/testing";
import { parse } from "yaml";
import { deployApp } from "./app";

/** The config in a stack file, with any password for the encrypted one. */
function configOf(stack: string): Record<string, string> {
  const file = readFileSync(join(__dirname, `Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(file) as { config: Record<string, unknown> };
  const texts = Object.entries(config).map(([key, value]) => [key, String(value)]);
  return { ...Object.fromEntries(texts), "registry:password": "any" };
}

for (const stack of ["dev", "prod"]) {
  describe(`the stack ${stack}`, () => {
    it("has a login for every image", async () => {
      const resources: pulumi.runtime.MockResourceArgs[] = [];
      await pulumi.runtime.setMocks({
        newResource: (args) => {
          resources.push(args);
          return { id: args.name, state: args.inputs };
        },
        call: (args) => args.inputs,
      });
      pulumi.runtime.setAllConfig(configOf(stack));
      deployApp();
      await expectPullable(resources);
    });
  });
}
