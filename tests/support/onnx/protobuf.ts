/** Field of a protobuf message: its number and its bytes on the wire. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A whole number as a field. */
export function varint(field: number, value: number): Bytes {
  return join([encodeVarint(field * 8), encodeVarint(value)]);
}

/** A 32-bit float as a field. */
export function float32(field: number, value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([encodeVarint(field * 8 + 5), bytes]);
}

/** Bytes, text or a nested message as a field. */
export function block(field: number, value: Bytes | string): Bytes {
  const bytes = typeof value === "string"
    ? new TextEncoder().encode(value)
    : value;
  return join([
    encodeVarint(field * 8 + 2),
    encodeVarint(bytes.length),
    bytes,
  ]);
}

/** Puts fields one after the other. */
export function join(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function encodeVarint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
