import { timingSafeEqual } from "node:crypto";
import { AppError } from "../core/errors.ts";
import { makeOneTimeToken } from "./one_time_token.ts";

const FILE_NAME = "setup-token";

/** The one-time token for the first account. */
export interface SetupToken {
  /** Reads the token, or creates it. */
  ensure(): Promise<string>;
  /** Reads the token; null if there is none. */
  read(): Promise<string | null>;
  /** Removes it; nothing happens if it is gone. */
  remove(): Promise<void>;
}

/** Compares two tokens in a time that tells nothing about them. */
export async function isSameToken(a: string, b: string): Promise<boolean> {
  // Digests have equal lengths, so the length of the real token stays unknown too.
  const encoder = new TextEncoder();
  const [left, right] = await Promise.all([
    crypto.subtle.digest("SHA-256", encoder.encode(a)),
    crypto.subtle.digest("SHA-256", encoder.encode(b)),
  ]);
  return timingSafeEqual(new Uint8Array(left), new Uint8Array(right));
}

/** The token's file in the data folder; only its owner may read it. */
export function createSetupTokenFile(dataDir: string): SetupToken {
  const path = `${dataDir}/${FILE_NAME}`;
  const read = () => readToken(path);
  return {
    read,
    ensure: async () => {
      const known = await read();
      if (known !== null) return known;
      const token = makeOneTimeToken();
      await writeToken(path, token);
      return token;
    },
    remove: async () => {
      try {
        await Deno.remove(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) {
          throw failure(path, error);
        }
      }
    },
  };
}

async function readToken(path: string): Promise<string | null> {
  try {
    const token = (await Deno.readTextFile(path)).trim();
    return token === "" ? null : token;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw failure(path, error);
  }
}

async function writeToken(path: string, token: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, `${token}\n`, { mode: 0o600 });
    // The mode above counts only for a new file.
    if (Deno.build.os !== "windows") await Deno.chmod(path, 0o600);
  } catch (error) {
    throw failure(path, error);
  }
}

function failure(path: string, cause: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    "INTERNAL",
    `The setup token file "${path}" cannot be used: ${detail}; check the owner and mode of the data folder`,
    { cause },
  );
}
