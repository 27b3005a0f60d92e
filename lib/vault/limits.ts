/** Bytes of the installation's key and of every key it wraps: AES-256. */
export const KEY_BYTES = 32;

/** Bytes of an initialisation vector of AES-GCM. */
export const IV_BYTES = 12;

/** Exchange keys of one user; one more is refused. */
export const KEYS_PER_USER_MAX = 20;
