/** A worker that opens a gateway to the address it is told, and sends one order. */
import { limitOrder, openGateway } from "./support.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<string>) => void;
  postMessage(message: unknown): void;
};

scope.onmessage = async ({ data: url }) => {
  try {
    const gateway = await openGateway(url, {
      exchange: "binance",
      market: "swap",
    });
    const { kind } = await gateway.create(limitOrder());
    await gateway.close();
    scope.postMessage(kind);
  } catch (error) {
    scope.postMessage(String(error));
  }
};
