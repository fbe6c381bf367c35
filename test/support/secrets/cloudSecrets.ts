/** An authorization token of Amazon ECR as AWS writes it, which says when it expires. */
export function ecrTokenUntil(time: string, payload = "c4n4ry-payload"): string {
  const password = {
    payload,
    datakey: "c4n4ry-datakey",
    version: "2",
    type: "DATA_KEY",
    expiration: Date.parse(time) / 1000,
  };
  return base64(`AWS:${base64(JSON.stringify(password))}`);
}

/** The JSON key of a service account of Google Cloud, as `gcloud` writes it. */
export function googleKeyOf(privateKey = "c4n4ry-private-key-of-one-line-0123456789"): string {
  return `${JSON.stringify(
    {
      type: "service_account",
      project_id: "shop",
      private_key_id: "0123456789abcdef",
      private_key: `-----BEGIN PRIVATE KEY-----\n${privateKey}\n-----END PRIVATE KEY-----\n`,
      client_email: "puller@shop.iam.gserviceaccount.com",
    },
    undefined,
    2,
  )}\n`;
}

/** Access keys of Huawei Cloud. */
export const huaweiKeys = {
  region: "cn-north-4",
  accessKey: "AKEXAMPLE0123456789",
  secretKey: "c4n4ry secret $KEY",
};

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
