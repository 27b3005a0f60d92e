/** Reads keys and values as they are on the wire, by their description. */
import { deserialize } from "node:v8";
import type { Mutation } from "../support/kv_connect/messages.ts";

const STRING = 0x02;
const END = 0x00;
const ESCAPED = 0xff;
const V8 = 1;

/** The parts of a key up to the first that is no text. */
export function textsOf(key: Uint8Array): string[] {
  const texts: string[] = [];
  let at = 0;
  while (key[at] === STRING) {
    const bytes: number[] = [];
    for (at++; at < key.length; at++) {
      if (key[at] === END) {
        if (key[at + 1] !== ESCAPED) break;
        at++;
        bytes.push(END);
      } else bytes.push(key[at]!);
    }
    at++;
    texts.push(new TextDecoder().decode(new Uint8Array(bytes)));
  }
  return texts;
}

/** The value of a mutation that sets one; null for a deletion. */
// deno-lint-ignore no-explicit-any -- what is in the store is what is examined here
export function valueOf({ kind, encoding, value }: Mutation): any {
  return kind === "set" && encoding === V8 ? deserialize(value) : null;
}
