import { X509Certificate } from "node:crypto";

/** The certificates in a PEM text, ignoring any text around them. */
export function certificatesOf(caBundle: string): string[] {
  return caBundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

const whole = "give the text starting at -----BEGIN CERTIFICATE-----.";

/** Cached by bundle: all images of a registry share one, and a whole system's CAs take 20 ms to read. */
const problems = new Map<string, string | undefined>();

/** Why a text is not a PEM bundle of certificates, to follow its name; undefined if it is one. Never quotes the text. */
export function caBundleProblem(caBundle: string): string | undefined {
  if (!problems.has(caBundle)) {
    problems.set(caBundle, problemIn(caBundle));
  }
  return problems.get(caBundle);
}

function problemIn(caBundle: string): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(caBundle)) {
    return "contains a private key: remove it, and give only the certificates.";
  }
  if (isBase64OfPem(caBundle)) {
    return `is base64 of a certificate in PEM: decode it, and ${whole}`;
  }
  const begun = caBundle.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  const readable = certificatesOf(caBundle).filter(isCertificate).length;
  if (begun === readable && readable > 0) {
    return undefined;
  }
  return begun > 1
    ? `has ${begun} certificates in PEM, of which ${begun - readable} can't be read: give each whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.`
    : `is not a certificate in PEM: ${whole}`;
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function isBase64OfPem(text: string): boolean {
  return /^[A-Za-z0-9+/=\s]+$/.test(text) && Buffer.from(text, "base64").includes("-----BEGIN ");
}
