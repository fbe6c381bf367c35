import { main } from "@pulumi/pulumi/provider";
import { provider } from "./provider";

/**
 * Serves the components to the engine. The SDK's runner of plugins calls the function that the main module of a package
 * exports. If this one exported the components, the runner would infer the schema from their sources at each start, which
 * takes seconds and hundreds of megabytes.
 */
const serve = (): Promise<void> => main(provider, process.argv.slice(2));

export = serve;
