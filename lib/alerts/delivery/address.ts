/**
 * Which addresses a message may go to: only such as belong to the public
 * internet. The table is that of IANA's special-purpose registries (RFC 6890
 * and successors); what is in none of them, but not global unicast, is refused,
 * too.
 *
 * @module
 */

/** Why an address is refused, or null where it is public. */
export function refusalOfAddress(address: string): string | null {
  const v4 = parseIPv4(address);
  if (v4 !== null) return refusalOfV4(v4);
  const v6 = parseIPv6(address);
  return v6 === null ? "is no address" : refusalOfV6(v6);
}

/** Whether an address is of this machine. */
export function isLoopback(address: string): boolean {
  return refusalOfAddress(address) === LOOPBACK;
}

const LOOPBACK = "is this machine's";

/** First number, bits that count, what it is. */
const V4_BLOCKS: readonly (readonly [string, number, string])[] = [
  ["0.0.0.0", 8, "is of this network"],
  ["10.0.0.0", 8, "is private"],
  ["100.64.0.0", 10, "is shared by a carrier"],
  ["127.0.0.0", 8, LOOPBACK],
  ["169.254.0.0", 16, "is link-local, where clouds keep their metadata"],
  ["172.16.0.0", 12, "is private"],
  ["192.0.0.0", 24, "is reserved"],
  ["192.0.2.0", 24, "is for documentation"],
  ["192.31.196.0", 24, "is reserved"],
  ["192.52.193.0", 24, "is reserved"],
  ["192.88.99.0", 24, "is reserved"],
  ["192.168.0.0", 16, "is private"],
  ["192.175.48.0", 24, "is reserved"],
  ["198.18.0.0", 15, "is for benchmarks"],
  ["198.51.100.0", 24, "is for documentation"],
  ["203.0.113.0", 24, "is for documentation"],
  ["224.0.0.0", 4, "is multicast"],
  ["240.0.0.0", 4, "is reserved"],
];

function refusalOfV4(address: number): string | null {
  for (const [first, bits, why] of V4_BLOCKS) {
    const shift = 32 - bits;
    if (address >>> shift === parseIPv4(first)! >>> shift) return why;
  }
  return null;
}

/** Special blocks within global unicast, as hextets that must be equal. */
const V6_GLOBAL_SPECIAL: readonly (readonly [string, number, string])[] = [
  ["2001::", 23, "is reserved"],
  ["2001:db8::", 32, "is for documentation"],
  ["2002::", 16, "is a tunnel"],
  ["2620:4f:8000::", 48, "is reserved"],
  ["3fff::", 20, "is for documentation"],
];

function refusalOfV6(parts: readonly number[]): string | null {
  const isZeroTo = (end: number) => parts.slice(0, end).every((p) => p === 0);
  const embedded = ((parts[6]! << 16) | parts[7]!) >>> 0;
  if (isZeroTo(7) && parts[7] === 1) return LOOPBACK;
  if (isZeroTo(8)) return "is of this network";
  // An IPv4 address in another form is what it stands for: mapped, translated (NAT64), compatible.
  if (isZeroTo(5) && parts[5] === 0xffff) return refusalOfV4(embedded);
  if (matches(parts, ["64:ff9b::", 96])) return refusalOfV4(embedded);
  if (isZeroTo(6)) return "is an old form of an IPv4 address";
  if ((parts[0]! & 0xffc0) === 0xfe80) return "is link-local";
  if ((parts[0]! & 0xffc0) === 0xfec0) return "is site-local";
  if ((parts[0]! & 0xfe00) === 0xfc00) return "is private";
  if ((parts[0]! & 0xff00) === 0xff00) return "is multicast";
  if ((parts[0]! & 0xe000) !== 0x2000) return "is reserved";
  for (const [first, bits, why] of V6_GLOBAL_SPECIAL) {
    if (matches(parts, [first, bits])) return why;
  }
  return null;
}

function matches(
  parts: readonly number[],
  [first, bits]: readonly [string, number],
): boolean {
  const block = parseIPv6(first)!;
  for (let index = 0, left = bits; left > 0; index++, left -= 16) {
    const shift = Math.max(0, 16 - left);
    if (parts[index]! >>> shift !== block[index]! >>> shift) return false;
  }
  return true;
}

/** Four decimal numbers, as systems write the peer of a connection; other spellings are none. */
function parseIPv4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const parts = match.slice(1).map(Number);
  if (parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Eight numbers of 16 bits; a zone behind % does not matter. */
function parseIPv6(text: string): number[] | null {
  const plain = text.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  let source = plain;
  if (tail !== null) {
    const v4 = parseIPv4(tail[2]!);
    if (v4 === null) return null;
    source = `${tail[1]}${(v4 >>> 16).toString(16)}:${
      (v4 & 0xffff).toString(16)
    }`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return null;
  const read = (half: string) => half === "" ? [] : half.split(":");
  const head = read(halves[0]!);
  const end = halves.length === 2 ? read(halves[1]!) : [];
  const missing = 8 - head.length - end.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array<string>(missing).fill("0"), ...end];
  if (!all.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return null;
  return all.map((part) => parseInt(part, 16));
}
