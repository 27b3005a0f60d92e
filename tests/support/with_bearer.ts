/**
 * Options of a socket that says who it is by a header, which a program has and a
 * browser has not: the browser's types do not know of it.
 */
export function withBearer(token: string): string[] {
  const options = {
    protocols: ["smc-fleet"],
    headers: { authorization: `Bearer ${token}` },
  };
  return options as unknown as string[];
}
