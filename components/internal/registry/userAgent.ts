/* eslint-disable-next-line @typescript-eslint/no-require-imports -- by the package's own name: the file is not at one place beside the sources and the compiled code */
const { version } = require("kubernetes-private-registry/package.json") as { version: string };

/** What every request says of its sender: some registries answer 403 to a client without a name. */
export const userAgent = `kubernetes-private-registry/${version}`;
