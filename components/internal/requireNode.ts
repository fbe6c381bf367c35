import { RunError } from "@pulumi/pulumi";
import { nodeProblem } from "../lib/nodeVersion";

const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  throw Object.assign(new RunError(problem), { stack: "" });
}
