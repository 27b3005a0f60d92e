import type { TimeSource } from "../core/time.ts";
import { ticketFrameSchema } from "../contracts/stream.ts";
import { AppError } from "../core/errors.ts";
import {
  MAX_INBOUND_BYTES,
  MAX_WAITING_PER_ADDRESS,
  MAX_WAITING_SOCKETS,
  TICKET_WAIT_MS,
} from "./limits.ts";
import { tryParseJson, upgrade } from "./socket.ts";
import type { TicketHolder, Tickets } from "./tickets.ts";

/** A socket that nobody knows yet. */
export interface UnknownSocket {
  request: Request;
  /** Address of the client: one may not take all places. */
  address: string;
}

/** Where sockets wait until their first frame says whose they are. */
export class Lobby {
  readonly #time: TimeSource;
  readonly #tickets: Pick<Tickets, "redeem">;
  readonly #onKnown: (socket: WebSocket, holder: TicketHolder) => void;
  /** Waiting sockets by address; they count until their connections are gone. */
  readonly #waiting = new Map<string, number>();
  #size = 0;

  constructor(
    options: {
      time: TimeSource;
      tickets: Pick<Tickets, "redeem">;
      /** Takes the socket over. Must not throw. */
      onKnown: (socket: WebSocket, holder: TicketHolder) => void;
    },
  ) {
    this.#time = options.time;
    this.#tickets = options.tickets;
    this.#onKnown = options.onKnown;
  }

  /**
   * Upgrades a request without a login.
   *
   * @throws {AppError} RATE_LIMITED if too many wait, REQUEST_MALFORMED if it is no upgrade.
   */
  admit({ request, address }: UnknownSocket): Response {
    const ofAddress = this.#waiting.get(address) ?? 0;
    if (
      ofAddress >= MAX_WAITING_PER_ADDRESS || this.#size >= MAX_WAITING_SOCKETS
    ) {
      throw new AppError(
        "RATE_LIMITED",
        `${ofAddress} of your sockets have not sent their ticket yet; send it in the first frame`,
        { status: 429 },
      );
    }
    const { socket, response } = upgrade(request);
    this.#count(address, 1);
    let isWaiting = true;
    const leave = () => {
      if (isWaiting) this.#count(address, -1);
      isWaiting = false;
      timer.cancel();
    };
    const refuse = (reason: string) => {
      timer.cancel();
      if (socket.readyState <= WebSocket.OPEN) socket.close(4401, reason);
    };
    const timer = this.#time.after(
      TICKET_WAIT_MS,
      () => refuse("No ticket came; send it in the first frame"),
    );
    socket.addEventListener("close", leave);
    socket.addEventListener("error", (event) => {
      // Unhandled it would be reported as uncaught.
      event.preventDefault();
      leave();
    });
    socket.addEventListener("message", async ({ data }) => {
      timer.cancel();
      const holder = await this.#findHolder(data).catch(() => null);
      if (holder === null) {
        return refuse("The ticket is not valid or was used; ask for another");
      }
      if (!isWaiting) return;
      leave();
      this.#onKnown(socket, holder);
    }, { once: true });
    return response;
  }

  #count(address: string, change: 1 | -1): void {
    this.#size += change;
    const count = (this.#waiting.get(address) ?? 0) + change;
    if (count === 0) this.#waiting.delete(address);
    else this.#waiting.set(address, count);
  }

  async #findHolder(data: unknown): Promise<TicketHolder | null> {
    if (typeof data !== "string" || data.length > MAX_INBOUND_BYTES) {
      return null;
    }
    const parsed = ticketFrameSchema.safeParse(tryParseJson(data));
    return parsed.success
      ? await this.#tickets.redeem(parsed.data.ticket)
      : null;
  }
}
