import type { CanarySecret } from "./world.ts";

/** A text to search, and where it is from. */
export interface Searched {
  where: string;
  bytes: Uint8Array;
}

/** A secret that was found. */
export interface Leak {
  secret: string;
  where: string;
}

const ENCODER = new TextEncoder();

/** The ways in which a text is written: as it is, in a URL, in base64, in hex, and as V8 writes texts of two bytes a letter. */
function formsOf(text: string): Uint8Array[] {
  const bytes = ENCODER.encode(text);
  const wide = new Uint8Array(bytes.length * 2);
  bytes.forEach((byte, place) => wide[place * 2] = byte);
  return [
    bytes,
    ENCODER.encode(encodeURIComponent(text)),
    ENCODER.encode(JSON.stringify(text).slice(1, -1)),
    ENCODER.encode(bytes.toBase64({ omitPadding: true })),
    ENCODER.encode(bytes.toHex()),
    wide,
  ];
}

/** Finds secrets in anything. */
export function findLeaks(
  secrets: readonly CanarySecret[],
  searched: Iterable<Searched>,
): Leak[] {
  const wanted = secrets.map(({ label, text }) => ({
    label,
    forms: formsOf(text).map((form) => latin1(form)),
  }));
  const leaks: Leak[] = [];
  for (const { where, bytes } of searched) {
    const text = latin1(bytes);
    for (const { label, forms } of wanted) {
      if (forms.some((form) => text.includes(form))) {
        leaks.push({ secret: label, where });
      }
    }
  }
  return leaks;
}

/** A text as bytes to search. */
export function searchedText(where: string, text: string): Searched {
  return { where, bytes: ENCODER.encode(text) };
}

/** Every file of a folder, whatever is in it. */
export function* filesOf(folder: string): Generator<Searched> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesOf(path);
    else yield { where: path, bytes: Deno.readFileSync(path) };
  }
}

/** A letter for each byte, so that bytes can be searched as fast as text. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return text;
}
