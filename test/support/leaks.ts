/** The forms in which a secret could show up in a text, by their name. */
export function traceForms(secret: string): Record<string, string> {
  const bytes = Buffer.from(secret);
  return {
    raw: secret,
    "JSON-escaped": JSON.stringify(secret).slice(1, -1),
    "JSON-escaped twice": JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    "URL-escaped": encodeURIComponent(secret),
    hex: bytes.toString("hex"),
    ...Object.fromEntries([0, 1, 2].map((shift) => [`base64 at ${shift}`, base64At(bytes, shift)])),
  };
}

/** The characters that stand for `bytes` wherever they begin `shift` bytes after a group of three. */
function base64At(bytes: Buffer, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const uncertainEnd = (shift + bytes.length) % 3 === 0 ? 0 : 1;
  const uncertainBegin = shift === 0 ? 0 : shift + 1;
  return encoded.slice(uncertainBegin, encoded.length - uncertainEnd);
}

/** The forms of the secrets that stand in the text: `password: base64 at 1`, none when nothing leaks. */
export function leaksIn(text: string, secrets: Record<string, string>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(traceForms(secret))
      .filter(([, form]) => text.includes(form))
      .map(([form]) => `${name}: ${form}`),
  );
}
