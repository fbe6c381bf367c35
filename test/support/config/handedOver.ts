import * as pulumi from "@pulumi/pulumi";

/**
 * As a process of its own: runs the program on the configuration in PULUMI_CONFIG and PULUMI_CONFIG_SECRET_KEYS, where the
 * engine puts what it has merged from environments, stack file and project. Prints what it registers, a line each, and errors
 * on standard error.
 */
async function runProgram(): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        console.log(JSON.stringify({ type, name, inputs: inputs as object }));
        return { id: name, state: { ...(inputs as object), hex: "0a1b2c3d" } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "kubernetes-private-registry",
    "prod",
  );
  await import("../../../index.js");
}

runProgram().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
