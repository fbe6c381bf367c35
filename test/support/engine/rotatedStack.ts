import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { PrivateWorkloads, type RegistryCredentialArgs } from "../../../components";
import { createEngineStack } from "./engine";

/** As many namespaces, with a Deployment in each, as the program makes. */
export const namespaceCount = 20;

/** A program to rotate, which renders into a folder beside the stack's state. */
export function rotatedProgram(directory: string): PulumiFn {
  return () => {
    const keys = Array.from({ length: namespaceCount }, (_, index) => `n${index}`);
    const { secretName } = new PrivateWorkloads(
      "apps",
      {
        registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
        namespaces: Object.fromEntries(keys.map((key) => [key, key])),
        deployments: Object.fromEntries(
          keys.map((key) => [`app-${key}`, { image: "registry.example.com/app:1", namespace: key }]),
        ),
      },
      { provider: new Provider("render", { renderYamlToDirectory: join(directory, "manifests") }) },
    );
    return Promise.resolve({ secretName });
  };
}

/** As a process of its own, with the folder as argument: brings the stack up, to be killed meanwhile. */
if (require.main === module) {
  const directory = process.argv[2] ?? "";
  void createEngineStack({ directory }).then((stack) => stack.up(rotatedProgram(directory)));
}
