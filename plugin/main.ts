import { main } from "@pulumi/pulumi/provider";
import { provider } from "./provider";

/**
 * Serves the components to the engine. The SDK's plugin runner calls the function that a package's main module exports. If
 * this module exported the components instead, the runner would infer the schema from their sources at each start, which
 * takes seconds and hundreds of megabytes.
 */
const serve = (): Promise<void> => main(provider, process.argv.slice(2));

export = serve;
