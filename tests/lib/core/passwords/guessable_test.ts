import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMON_WORDS } from "../../../../lib/core/passwords/common_words.ts";
import { guessableAs } from "../../../../lib/core/passwords/guessable.ts";

const EMAIL = { email: "ada.lovelace@example.com" };
const words = fc.constantFrom(...COMMON_WORDS);

Deno.test("guessableAs() knows what lists of leaked passwords are full of", () => {
  for (
    const password of [
      "123456789012345",
      "1q2w3e4r5t6y7u8i9o0p",
      "1qaz2wsx3edc4rfv",
      "qwertyuiopasdfghjkl",
      "abcdefghijklmno",
      "password1234567890",
      "P@ssw0rd12345678",
      "passwordpassword",
      "correct horse battery staple",
      "iloveyou12345678",
      "letmeinletmeinletmein",
      "administrator123",
      "Change-Me-Change-Me",
      "thisismypassword1",
      "welcomewelcome1",
      "smcfleet12345678",
      "abcabcabcabcabcabc",
      "aaaaaaaaaaaaaaaaaaaa",
      "lovelace12345678",
    ]
  ) {
    assert.equal(guessableAs(password, EMAIL), "common", password);
  }
  assert.equal(guessableAs("Ada.Lovelace@example.com", EMAIL), "email");
  assert.equal(guessableAs("ada lovelace", EMAIL), "email");
});

Deno.test("guessableAs() leaves what nobody tries first", () => {
  for (
    const password of [
      "seven green bottles",
      "olive lantern quiet harbour",
      "blue window eats sand",
      "x8Kq2-Zm91pLw7tR",
      "margin call at noon",
      "Zwölf Boxkämpfer jagen",
      "ключ от старого сада",
    ]
  ) {
    assert.equal(guessableAs(password, EMAIL), null, password);
  }
});

Deno.test("guessableAs() refuses any common word with digits, signs and rows of keys around it", () => {
  const filling = fc.constantFrom("1234567890", "!!!!!!!!", "qwerty", "2026");
  fc.assert(
    fc.property(filling, words, filling, (before, word, after) => {
      assert.equal(guessableAs(`${before}${word}${after}`, EMAIL), "common");
      assert.equal(
        guessableAs(`${word.toUpperCase()}-${word} ${after}`, EMAIL),
        "common",
      );
    }),
  );
});

Deno.test("guessableAs() leaves random texts of the shortest length that is allowed", () => {
  const letters = [..."bcdghjkmpvxz"];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...letters), { minLength: 15, maxLength: 128 }),
      (chosen) => {
        // A text of one or two letters is a repetition, and not what is meant here.
        fc.pre(new Set(chosen).size > 6);
        assert.equal(guessableAs(chosen.join(""), EMAIL), null);
      },
    ),
  );
});
