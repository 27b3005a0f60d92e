/**
 * Whether a long password is one that guessing programs try first. Pure, so
 * that the server decides and a form can say the same while one types.
 *
 * @module
 */
import { COMMON_WORDS } from "./common_words.ts";

/**
 * What the pieces of a password cost a guesser, in digits to try: a common word,
 * the same one again, a walk or repetition, and any single digit or sign.
 */
const COST = { word: 6, again: 1, run: 2, sign: 1 } as const;
/** So cheap, a password is guessed early: two words and five digits, for instance. */
const CHEAP = 17;
/** Longest word that is looked for. */
const LONGEST_WORD = 16;
/** Least characters of a run such as 1234, qwer or aaa. */
const LEAST_RUN = 3;
/** Longest password that is looked at; longer ones are refused anyway. */
const MAX_LOOKED_AT = 256;

/** Rows and columns of keyboards, digits and the alphabet: walks over them are no secret. */
const WALKS = [
  "01234567890",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "qsdfghjklm",
  "zxcvbnm",
  "yxcvbnm",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "1q2w3e4r5t6y7u8i9o0p",
  "qazwsxedcrfvtgbyhnujmikolp",
  "!@#$%^&*()",
  '!"§$%&/()=',
].flatMap((walk) => [walk, [...walk].toReversed().join("")]);

const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  "$": "s",
  "!": "i",
};

/** What a password must not be made of besides the common words. */
export interface PersonalWords {
  email: string;
}

/** A piece again and again: "abcabcabc", "aaaa", "121212", "letmeinletmein". */
const REPEATED = /^(.{1,12}?)\1{2,}.{0,4}$/u;

/**
 * Why a password is refused although it is long enough; null where it is not.
 * `email`: it is the person's own address. `common`: it is a repetition, or made
 * of few of the commonest words, of walks, digits and repetitions.
 */
export function guessableAs(
  password: string,
  { email }: PersonalWords,
): "email" | "common" | null {
  const plain = password.normalize("NFKC").toLowerCase().slice(
    0,
    MAX_LOOKED_AT,
  );
  const bare = plain.replace(/[\s._-]/gu, "");
  const address = email.trim().toLowerCase();
  const own = ownWords(address);
  if (address !== "" && (plain === address || own.has(bare))) return "email";
  if (REPEATED.test(bare)) return "common";
  const words = new Set([...COMMON_WORDS, ...own]);
  return isPhrase(bare) || isCheap(bare, words) ? "common" : null;
}

/** Whole sentences that are in every list, though their words are many. */
const PHRASES: ReadonlySet<string> = new Set([
  "correcthorsebatterystaple",
  "thisisapassword",
  "thisismypassword",
  "mypasswordis123",
  "mysecretpassword",
  "supersecretpassword",
  "changethispassword",
  "maytheforcebewithyou",
  "tobeornottobe",
  "todayisagoodday",
  "tothemoontothemoon",
]);

function isPhrase(bare: string): boolean {
  return PHRASES.has(bare.replace(/[\d!?.]+$/u, ""));
}

/** Parts of an address that its owner would think of. */
function ownWords(address: string): ReadonlySet<string> {
  const [local = "", domain = ""] = address.split("@");
  const parts = [...local.split(/[._+-]/), ...domain.split(".")];
  const all = [local.replace(/[._+-]/g, ""), address, ...parts];
  return new Set(all.filter((word) => word.length >= LEAST_RUN));
}

function unleet(text: string): string {
  return [...text].map((char) => LEET[char] ?? char).join("");
}

/** What it took to come to a place in the text. */
interface Path {
  cost: number;
  words: readonly string[];
}

/** Whether a text can be made of pieces that are cheap together. Cheapest pieces first; a word may be written with digits for letters. */
function isCheap(text: string, words: ReadonlySet<string>): boolean {
  const reached: (Path | undefined)[] = [{ cost: 0, words: [] }];
  for (let at = 0; at < text.length; at++) {
    const path = reached[at];
    if (path === undefined) continue;
    const go = (length: number, cost: number, word?: string) => {
      const total = path.cost + cost;
      const known = reached[at + length];
      if (total > CHEAP || known !== undefined && known.cost <= total) return;
      const all = word === undefined ? path.words : [...path.words, word];
      reached[at + length] = { cost: total, words: all };
    };
    if (/[^\p{L}]/u.test(text[at]!)) go(1, COST.sign);
    for (const length of runLengths(text, at)) go(length, COST.run);
    for (let length = 1; length <= LONGEST_WORD; length++) {
      if (at + length > text.length) break;
      const piece = text.slice(at, at + length);
      const word = words.has(piece) ? piece : unleet(piece);
      if (!words.has(word)) continue;
      go(length, path.words.includes(word) ? COST.again : COST.word, word);
    }
  }
  return reached[text.length] !== undefined;
}

/** Lengths of what stands at a place and is no secret: a walk over the keyboard, one character again and again. */
function runLengths(text: string, at: number): readonly number[] {
  const repeated = /^(.)\1{2,}/u.exec(text.slice(at))?.[0].length ?? 0;
  let longest = repeated;
  for (let length = LEAST_RUN; at + length <= text.length; length++) {
    const piece = text.slice(at, at + length);
    if (!WALKS.some((keys) => keys.includes(piece))) break;
    longest = Math.max(longest, length);
  }
  const lengths = [];
  for (let length = LEAST_RUN; length <= longest; length++) {
    lengths.push(length);
  }
  return lengths;
}
