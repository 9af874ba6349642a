const maker = Symbol("made by the gate");

/**
 * Bytes that passed the last gate. Nothing else may be sent to a cloud: the transport calls `ClearedRequest.bytes`, which
 * refuses whatever was not made here, at run time too.
 */
export class ClearedRequest {
  readonly #bytes: Uint8Array;
  /** Keyed hash of the bytes, for the audit chain. */
  readonly payloadHmac: string;

  constructor(key: symbol, bytes: Uint8Array, payloadHmac: string) {
    if (key !== maker) throw new TypeError("only the privacy gate makes a ClearedRequest");
    this.#bytes = bytes;
    this.payloadHmac = payloadHmac;
    Object.freeze(this);
  }

  static bytes(cleared: ClearedRequest): Uint8Array {
    return cleared.#bytes; // throws a TypeError on anything that only looks like one
  }
}

/** For `privacy/gate.ts` alone (the import law says so). */
export const makeClearedRequest = (bytes: Uint8Array, payloadHmac: string): ClearedRequest => new ClearedRequest(maker, bytes, payloadHmac);
