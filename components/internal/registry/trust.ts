import * as tls from "node:tls";
import { certificatesOf } from "../../lib/registry/caBundle";

/** Since Node 22.15. */
const { getCACertificates } = tls as unknown as {
  getCACertificates: (type: "default" | "system") => string[];
};

/**
 * Whom to trust: the CAs that Node brings, those of `NODE_EXTRA_CA_CERTS`, those of the system, as containerd does, and the
 * certificates of `caBundle`. As in Go, each of these is trusted by itself, be it a CA, one between, or a server's own.
 */
export function trusting(caBundle = ""): tls.SecureContext {
  const ca = new Set([
    ...getCACertificates("default"),
    ...getCACertificates("system"),
    ...certificatesOf(caBundle),
  ]);
  return tls.createSecureContext({ ca: [...ca], allowPartialTrustChain: true });
}
