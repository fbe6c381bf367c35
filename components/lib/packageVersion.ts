/* eslint-disable-next-line @typescript-eslint/no-require-imports -- by the package's own name, because the relative path differs between sources and compiled code */
const manifest = require("kubernetes-private-registry/package.json") as { version: string };

/** The version of this package. */
export const packageVersion = manifest.version;
