import type { Context } from "mocha";
import { requireTools } from "../runner/tools";

/** Makes sure that docker-registry, htpasswd and openssl are there, or skips the tests: see requireTools. */
export function requireRegistryTools(hook: Context): void {
  requireTools(hook, "registry tests", {
    "docker-registry": "docker-registry",
    htpasswd: "apache2-utils",
    openssl: "openssl",
  });
}
