import { createRequire } from "node:module";
import { report } from "./measure";
import type { Side } from "./programs";

const imported: Record<Side, string[]> = {
  package: ["../components"],
  byHand: ["@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/random"],
};

/** Runs in its own process: imports this package, which imports the SDKs, or only the SDKs. */
void report(() => Promise.resolve(imported[process.argv[2] as Side].map(createRequire(__filename))));
