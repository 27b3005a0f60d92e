/**
 * What a person wants to do with a key when a fresh proof is asked for in
 * between. It goes through the page as hidden fields; secrets are never part of it.
 */
export type KeyWish =
  | { action: "add"; label: string; exchange: string }
  | { action: "allow" | "forbid" | "rotate"; key: string };
