import { X509Certificate } from "node:crypto";

/** Whether a text begins with a certificate in PEM. */
export function isCaBundle(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}
