/**
 * Data folders as older builds wrote them, in text: one line for the password
 * and the like, one for each file, one for each entry of the store. They were
 * made by running those builds: two agents, one that trades and one that is
 * paused; from format 2 on a second factor and an exchange key as well.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";

const FOLDER = new URL("../fixtures/schemas/", import.meta.url);

/** Formats of which there is a fixture: the first one and the last two before this. */
export const FIXTURE_FORMATS = [0, 2, 3] as const;
export type FixtureFormat = typeof FIXTURE_FORMATS[number];

/** An entry of a store. */
export interface StoredEntry {
  key: Deno.KvKey;
  // deno-lint-ignore no-explicit-any -- what older builds wrote has no type any more
  value: any;
}

/** What an older build left. */
export interface SchemaFixture {
  format: FixtureFormat;
  about: {
    email: string;
    password: string;
    exchangeKeyId?: string;
    /** `otpauth://` address of the second factor. */
    factorUri?: string;
  };
  /** Text by path in the data folder. */
  files: ReadonlyMap<string, string>;
  entries: readonly StoredEntry[];
}

/** Reads one. */
export function readFixture(format: FixtureFormat): SchemaFixture {
  const packed = Deno.readFileSync(
    new URL(`format-${format}.jsonl.gz`, FOLDER),
  );
  const text = new TextDecoder().decode(gunzipSync(packed));
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  return {
    format,
    about: lines.find((line) => "about" in line).about,
    files: new Map(
      lines.filter((line) => "file" in line).map((
        { file, text },
      ) => [file, text]),
    ),
    entries: lines.filter((line) => "key" in line).map(({ key, value }) => ({
      key,
      value: revive(value),
    })),
  };
}

/** Writes one into an empty data folder. */
export async function writeFixture(
  { files, entries }: SchemaFixture,
  dataDir: string,
): Promise<void> {
  for (const [path, text] of files) {
    const file = `${dataDir}/${path}`;
    // deno-lint-ignore no-await-in-loop -- a few files
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    // deno-lint-ignore no-await-in-loop -- a few files
    await Deno.writeTextFile(file, text, { mode: 0o600 });
  }
  const kv = await Deno.openKv(`${dataDir}/store.sqlite`);
  try {
    for (let start = 0; start < entries.length; start += 50) {
      const atomic = kv.atomic();
      for (const { key, value } of entries.slice(start, start + 50)) {
        atomic.set(key, value);
      }
      // deno-lint-ignore no-await-in-loop -- as many as one commit takes
      await atomic.commit();
    }
  } finally {
    kv.close();
  }
}

/** Everything in the store of a data folder that nobody has open. */
export async function readStored(dataDir: string): Promise<StoredEntry[]> {
  const kv = await Deno.openKv(`${dataDir}/store.sqlite`);
  try {
    const entries = await Array.fromAsync(kv.list({ prefix: [] }));
    return entries.map(({ key, value }) => ({ key, value }));
  } finally {
    kv.close();
  }
}

/** The entries of one family. */
export function ofFamily(
  entries: readonly StoredEntry[],
  name: string,
): StoredEntry[] {
  return entries.filter(({ key }) => key[0] === name);
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if ("$bytes" in value) return Uint8Array.fromBase64(String(value.$bytes));
  if ("$undefined" in value) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, revive(part)]),
  );
}
