/**
 * The library of passkeys, loaded when one is asked for: what it brings to read
 * certificates takes 12 MiB and a tenth of a second, which most starts can do without.
 */
export function passkeyLibrary() {
  return import("@simplewebauthn/server");
}
