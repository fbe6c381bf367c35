/** The maximum total size of a Secret's values, in bytes (kubernetes pkg/apis/core/types.go MaxSecretSize). */
export const maxSecretSize = 1024 * 1024;
