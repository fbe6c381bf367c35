import { createHmac } from "node:crypto";
import { isHostLabel } from "./presetLogin";

/** Access keys of a Huawei Cloud user, and the region of its registry. */
export interface HuaweiAccessKeys {
  /** Region, such as `cn-north-4`. */
  region: string;
  /** Access key id (AK): letters and digits. */
  accessKey: string;
  /** Secret access key (SK). */
  secretKey: string;
}

/** Why a text is not a region of Huawei Cloud; undefined if it may be one. */
export function regionProblem(region: string): string | undefined {
  return isHostLabel(region) ? undefined : 'is not a region, such as "cn-north-4".';
}

/** Why a text is not an access key ID (AK) of Huawei Cloud; undefined if it may be one. */
export function accessKeyProblem(accessKey: string): string | undefined {
  return /^[A-Za-z0-9]+$/.test(accessKey)
    ? undefined
    : "is not an access key ID (AK), which has only letters and digits.";
}

/** The server of Huawei Cloud SWR in a region. */
export function swrServer(region: string): string {
  return `swr.${region}.myhuaweicloud.com`;
}

/**
 * The long-term login of Huawei Cloud SWR: the password is the hex HMAC-SHA256 of the access key under the secret key.
 *
 * @see https://support.huaweicloud.com/intl/en-us/usermanual-swr/swr_01_1000.html
 */
export function swrLogin({ region, accessKey, secretKey }: HuaweiAccessKeys) {
  return {
    server: swrServer(region),
    username: `${region}@${accessKey}`,
    password: swrPassword({ accessKey, secretKey }),
  };
}

/** The password of {@link swrLogin}, which is the same in all regions. */
export function swrPassword({ accessKey, secretKey }: Omit<HuaweiAccessKeys, "region">): string {
  return createHmac("sha256", secretKey).update(accessKey).digest("hex");
}
