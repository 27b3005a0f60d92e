/**
 * How tokens are written that a person or a program keeps: a prefix that secret
 * scanners look for, 43 characters of randomness (256 bits) and 6 of a checksum
 * over all before it, so that a mistyped one is told from a wrong one without a
 * look at the store.
 *
 * @module
 */
import { crc32 } from "node:zlib";

/** `smc_`: a personal API token. `smr_`: a refresh token of a program's login. */
export type TokenPrefix = "smc_" | "smr_";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^43 is just above 2^256. */
const RANDOM_CHARACTERS = 43;
const CHECK_CHARACTERS = 6;
const PATTERN = /^sm[cr]_[0-9A-Za-z]{49}$/;

/** Writes 32 random bytes as a token. */
export function writeToken(prefix: TokenPrefix, random: Uint8Array): string {
  let rest = random.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
  let body = "";
  for (let place = 0; place < RANDOM_CHARACTERS; place++) {
    body = DIGITS[Number(rest % 62n)]! + body;
    rest /= 62n;
  }
  return `${prefix}${body}${checksumOf(prefix + body)}`;
}

/**
 * What a text is: a token as we write them, one that was mistyped or cut, or
 * something else.
 */
export function readToken(
  text: string,
  prefix: TokenPrefix,
): "token" | "mistyped" | "other" {
  if (!text.startsWith(prefix)) return "other";
  const isRight = PATTERN.test(text) &&
    checksumOf(text.slice(0, -CHECK_CHARACTERS)) ===
      text.slice(-CHECK_CHARACTERS);
  return isRight ? "token" : "mistyped";
}

function checksumOf(text: string): string {
  let rest = crc32(new TextEncoder().encode(text));
  let written = "";
  for (let place = 0; place < CHECK_CHARACTERS; place++) {
    written = DIGITS[rest % 62]! + written;
    rest = Math.floor(rest / 62);
  }
  return written;
}
