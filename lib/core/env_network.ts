/**
 * How the environment names the network around the server.
 *
 * @module
 */
import { isIP } from "node:net";

/**
 * Origins with commas between: scheme, host and port, nothing else.
 *
 * @throws {RangeError} With what was expected.
 */
export function origins(value: string): readonly string[] {
  if (value === "") return [];
  return value.split(",").map((part) => {
    const text = part.trim();
    const url = URL.canParse(text) ? new URL(text) : null;
    if (
      url === null || !/^https?:$/.test(url.protocol) || url.origin !== text
    ) {
      throw new RangeError(
        "origins with commas between, each https:// or http:// with a host in lower case and no path",
      );
    }
    return text;
  });
}

/**
 * Addresses and CIDR blocks with commas between.
 *
 * @throws {RangeError} With what was expected.
 */
export function addressBlocks(value: string): readonly string[] {
  if (value === "") return [];
  return value.split(",").map((part) => {
    const text = part.trim();
    const [address = "", prefix = null, ...rest] = text.split("/");
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
    const isBlock = prefix === null ||
      /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && Number(prefix) > 0;
    if (bits < 0 || !isBlock || rest.length > 0) {
      throw new RangeError("addresses or CIDR blocks with commas between");
    }
    return text;
  });
}
