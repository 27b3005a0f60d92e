/** Bytes of the installation's key and of every key it wraps: AES-256. */
export const KEY_BYTES = 32;

/** Bytes of an initialisation vector of AES-GCM. */
export const IV_BYTES = 12;

/** Exchange keys of one user; one more is refused. */
export const KEYS_PER_USER_MAX = 20;

/** Keys of the installation at once: one that seals and older ones that open. One more is refused until an old one is retired. */
export const KEYRING_MAX = 8;

/** Tries to replace one sealed record during a rotation while somebody else changes it; then it is told and left to the next run. */
export const REWRAP_ATTEMPTS = 5;
