/**
 * How a better key is made, in the words that the exchanges themselves use on
 * their pages.
 *
 * @module
 */

/** What an exchange calls things. */
interface VenueWords {
  name: string;
  /** Where its keys are made. */
  where: string;
  withdraw: string;
  transfer: string;
  bind: string;
}

const WORDS: Readonly<Record<string, VenueWords>> = {
  binance: {
    name: "Binance",
    where: "under API Management",
    withdraw: '"Enable Withdrawals"',
    transfer: '"Permits Universal Transfer" and "Enable Internal Transfer"',
    bind: '"Restrict access to trusted IPs only"',
  },
  bybit: {
    name: "Bybit",
    where: "under API",
    withdraw: '"Withdrawal"',
    transfer: '"Account Transfer" and "Subaccount Transfer"',
    bind:
      '"Only IPs with permissions granted are allowed to access the OpenAPI"',
  },
  okx: {
    name: "OKX",
    where: "under API",
    withdraw: '"Withdraw"',
    transfer: '"Withdraw", which lets transfers out, too',
    bind: '"Link IP address"',
  },
  kraken: {
    name: "Kraken",
    where: "under Settings, API",
    withdraw: '"Withdraw funds"',
    transfer: "transfers",
    bind: '"IP address restriction"',
  },
};

function wordsOf(exchange: string): VenueWords {
  return WORDS[exchange] ?? {
    name: exchange,
    where: "where its keys are made",
    withdraw: "the right to withdraw",
    transfer: "the right to transfer",
    bind: "its list of addresses",
  };
}

/** The name of an exchange as it writes it itself. */
export function venueName(exchange: string): string {
  return wordsOf(exchange).name;
}

/** How a key is made that can move no money. */
export function saferKeyAdvice(
  exchange: string,
  right: "withdraw" | "transfer",
): string {
  const words = wordsOf(exchange);
  return `delete it at ${words.name} and make a new one ${words.where} that may read and trade, without ${
    words[right]
  } and bound to this machine's address by ${words.bind}`;
}

/** How a key is bound to addresses. */
export function bindAdvice(exchange: string): string {
  const { name, where, bind } = wordsOf(exchange);
  return `bind it to this machine's address at ${name} ${where} by ${bind}`;
}
