/** The key of an address: a client owns a whole IPv6 /64, so that counts as one. */
export function addressKey(address: string): string {
  const plain = address.replace(/^\[|\]$/g, "").split("%")[0]!;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain);
  if (mapped !== null) return mapped[1]!;
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined
    ? 0
    : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, "")).join(":") +
    "::/64";
}
