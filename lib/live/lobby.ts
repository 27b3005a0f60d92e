import type { TimeSource } from "../core/time.ts";
import { ticketFrameSchema } from "../contracts/stream.ts";
import { AppError } from "../core/errors.ts";
import {
  MAX_INBOUND_BYTES,
  MAX_INBOUND_PER_SECOND,
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

/** Takes a socket over and answers with what takes the frames that came meanwhile. Must not throw. */
type OnKnown = (
  socket: WebSocket,
  holder: TicketHolder,
) => (data: unknown) => void;

/** Where sockets wait until their first frame says whose they are. */
export class Lobby {
  readonly #time: TimeSource;
  readonly #tickets: Pick<Tickets, "redeem">;
  readonly #onKnown: OnKnown;
  /** Waiting sockets by address; they count until their connections are gone. */
  readonly #waiting = new Map<string, number>();
  readonly #sockets = new Set<WebSocket>();

  constructor(
    options: {
      time: TimeSource;
      tickets: Pick<Tickets, "redeem">;
      onKnown: OnKnown;
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
      ofAddress >= MAX_WAITING_PER_ADDRESS ||
      this.#sockets.size >= MAX_WAITING_SOCKETS
    ) {
      throw new AppError(
        "RATE_LIMITED",
        `${ofAddress} of your sockets have not sent their ticket yet; send it in the first frame`,
        { status: 429 },
      );
    }
    const { socket, response } = upgrade(request);
    this.#count(address, 1);
    this.#sockets.add(socket);
    const leave = () => {
      if (this.#sockets.delete(socket)) this.#count(address, -1);
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
    const frames: unknown[] = [];
    const listen = ({ data }: MessageEvent) => {
      frames.push(data);
      if (frames.length > MAX_INBOUND_PER_SECOND) {
        return refuse("Too much was sent before the ticket was looked at");
      }
      if (frames.length === 1) void know();
    };
    const know = async () => {
      timer.cancel();
      const holder = await this.#findHolder(frames[0]).catch(() => null);
      if (holder === null) {
        return refuse("The ticket is not valid or was used; ask for another");
      }
      if (socket.readyState !== WebSocket.OPEN) return;
      leave();
      socket.removeEventListener("message", listen);
      const receive = this.#onKnown(socket, holder);
      for (const frame of frames.slice(1)) receive(frame);
    };
    socket.addEventListener("message", listen);
    return response;
  }

  /** Closes what still waits. */
  close(reason: string): void {
    for (const socket of this.#sockets) socket.close(1001, reason);
  }

  #count(address: string, change: 1 | -1): void {
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
